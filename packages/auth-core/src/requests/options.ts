import * as v from 'valibot';

import { AuthError } from '../auth-error.ts';
import type { TokenProvider } from '../token-provider.ts';

/** What becomes of a rejected request that cannot be sent again: its body is a stream, or a redirect may have carried it out already. */
export type OnUnreplayable = 'response' | 'error';

export const onUnreplayableSchema = v.optional(v.picklist(['response', 'error'], 'expected "response" or "error"'));

/** Tells whether a token may be sent to an origin, given as text or as a URL. */
export type OriginCheck = (origin: string | URL | undefined) => boolean;

/**
 * The origins of a provider as a question.
 *
 * @throws AuthError `CONFIG` where it is no provider, there is no origin, or one that is no http(s) origin: an empty list must never mean "everywhere".
 */
export function createOriginCheck(provider: TokenProvider): OriginCheck {
  // A caller without types may hand in something else, such as the options that a provider is made of.
  const given: Partial<TokenProvider> | undefined = provider;
  const methods = [given?.getToken, given?.peekToken, given?.isRejection, given?.requestHeaders];
  if (!Array.isArray(given?.origins) || methods.some((method) => typeof method !== 'function')) throw noProvider();
  const origins = provider.origins.map((origin) => originOf(origin));
  if (origins.length === 0 || origins.includes(undefined)) {
    throw configError(provider, 'origins: expected at least one origin, each like "https://api.example.com"');
  }
  // Neither a set nor includes(): a few texts are compared in less time than one that is new with each request is hashed, or than a call takes.
  const has = (origin: unknown): boolean => origins.some((one) => one === origin);
  // Nor is a URL parsed whose text begins with an origin and a slash: whatever follows belongs to its path.
  const isBelow = (url: unknown): boolean => typeof url === 'string' && origins.some((one) => url.startsWith(`${one}/`));
  return (origin) => has(origin) || isBelow(origin) || has(originOf(origin));
}

/** Only texts and URLs are origins: what else can be turned into a text may say another one to whoever connects. */
function originOf(origin: unknown): string | undefined {
  const text = origin instanceof URL ? origin.href : origin;
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : undefined;
}

function noProvider(): AuthError {
  const message = 'auth-core: expected what create…TokenProvider(options) returns, not its options';
  return new AuthError({ code: 'CONFIG', provider: 'auth-core', message });
}

/** An error about how an interceptor or a fetch was put together. */
export function configError(provider: TokenProvider, message: string): AuthError {
  return new AuthError({ code: 'CONFIG', provider: provider.name, message: `${provider.name}: ${message}` });
}
