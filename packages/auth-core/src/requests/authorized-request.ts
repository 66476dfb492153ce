import type { Dispatcher } from 'undici';

import { type AccessToken, formatAuthorization } from '../access-token.ts';
import type { TokenProvider } from '../token-provider.ts';
import type { OnUnreplayable } from './allowed-origins.ts';
import type { RequestOptions } from './dispatch-types.ts';
import type { KnownBeginnings } from './known-beginnings.ts';
import { type PlainHeaders, withAuthorization } from './request-headers.ts';

/** What all requests through one interceptor share. */
export interface Authorization {
  readonly provider: TokenProvider;
  readonly onUnreplayable: OnUnreplayable;
  readonly known: KnownBeginnings;
  readonly dispatch: Dispatcher.Dispatch;
}

/** The request as it is sent with a token. */
export function withToken(options: RequestOptions, headers: PlainHeaders, token: AccessToken): RequestOptions {
  return { ...options, headers: withAuthorization(headers, formatAuthorization(token)) };
}

/**
 * Whether a request that may have been redirected further in carried the token to the end: redirect handlers list what they visited, and
 * drop the header where the origin changes.
 */
export function stayedAt(origin: string | URL | undefined, visited: readonly unknown[] | undefined): boolean {
  if (visited === undefined || visited.length < 2) return true;
  return visited.every((url) => url instanceof URL && url.origin === origin);
}
