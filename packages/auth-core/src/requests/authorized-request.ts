import { type AccessToken, formatAuthorization } from '../access-token.ts';
import type { RequestOptions } from './dispatch-types.ts';
import { copyLists, type PlainHeaders, withAuthorization } from './request-headers.ts';

/** A request of which nobody else has a hand on what is read when it is sent. */
export type OwnRequest = RequestOptions & { headers: PlainHeaders };

/** A request as of now. undici reads one at once, so its caller may go on to change what it gave, and interceptors further in may change what they get. */
export function copyRequest(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  return copyWith(options, Array.isArray(headers) ? [...headers] : copyLists(headers));
}

/** A request as it is sent with a token; one that its headers had before is replaced. A copy, too. */
export function withToken(options: RequestOptions, headers: PlainHeaders, token: AccessToken): OwnRequest {
  return copyWith(options, withAuthorization(headers, formatAuthorization(token)));
}

function copyWith(options: RequestOptions, headers: PlainHeaders): OwnRequest {
  const copy = { ...options, headers };
  if (typeof copy.origin === 'object') copy.origin = copy.origin.origin;
  if (typeof copy.query === 'object' && copy.query !== null) copy.query = copyLists(copy.query);
  return copy;
}
