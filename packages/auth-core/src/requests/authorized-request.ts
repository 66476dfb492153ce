import { type AccessToken, formatAuthorization } from '../access-token.ts';
import type { RequestOptions } from './dispatch-types.ts';
import { copyHeaders, type PlainHeaders, withAuthorization } from './request-headers.ts';

/** A request of which nobody else has a hand on what is read when it is sent. */
export type OwnRequest = RequestOptions & { headers: PlainHeaders };

/** A request that waits to be sent. undici reads a request at once, so its caller may go on to change what it gave: this is it as of now. */
export function copyRequest(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  return copyWith(options, copyHeaders(headers));
}

/** A request as it is sent with a token; one that its headers had before is replaced. A copy, too. */
export function withToken(options: RequestOptions, headers: PlainHeaders, token: AccessToken): OwnRequest {
  return copyWith(options, withAuthorization(headers, formatAuthorization(token)));
}

function copyWith(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  const copy = { ...options, headers };
  if (typeof copy.origin === 'object') copy.origin = copy.origin.origin;
  if (copy.query !== undefined) copy.query = { ...copy.query };
  return copy;
}
