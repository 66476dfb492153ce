import { type AccessToken, formatAuthorization } from '../access-token.ts';
import type { RequestOptions } from './dispatch-types.ts';
import { copyHeaders, type PlainHeaders, withAuthorization } from './request-headers.ts';

/** A request and its headers, which are among its options. */
export interface PlainRequest {
  readonly options: RequestOptions;
  readonly headers: PlainHeaders;
}

/** A request that waits to be sent. undici reads a request at once, so its caller may go on to change what it gave: this is it as of now. */
export function copyRequest({ options, headers }: PlainRequest): PlainRequest {
  return copyWith(options, copyHeaders(headers));
}

/** A request as it is sent with a token; one that it carried before is replaced. A copy, too. */
export function withToken({ options, headers }: PlainRequest, token: AccessToken): PlainRequest {
  return copyWith(options, withAuthorization(headers, formatAuthorization(token)));
}

function copyWith(options: RequestOptions, headers: PlainHeaders): PlainRequest {
  const copy: RequestOptions = { ...options, headers };
  if (typeof copy.origin === 'object') copy.origin = copy.origin.origin;
  if (copy.query !== undefined) copy.query = { ...copy.query };
  return { options: copy, headers };
}
