import type { IncomingMessage, ServerResponse } from 'node:http';

import type { TokenProvider } from '@x/auth-core';
import type { Dispatcher } from 'undici';

import type { TokenMask } from './token-mask.ts';

/** What all requests are forwarded with. */
export interface Route {
  readonly provider: TokenProvider;
  /** Sends requests with the provider's token. */
  readonly dispatcher: Dispatcher;
  readonly mask: TokenMask;
}

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Called with the code of a failure, before the response is over. */
  readonly failed: (code: string) => void;
}

/** The headers that carry the provider's token, by lower-case name; none while there is no token. */
export function tokenHeaderNames(provider: TokenProvider): string[] {
  const token = provider.peekToken();
  return token === undefined ? [] : Object.keys(provider.requestHeaders(token));
}
