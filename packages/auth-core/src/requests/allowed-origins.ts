import { AuthError } from '../auth-error.ts';
import type { TokenProvider } from '../token-provider.ts';

/** What to do about a refusal of a request whose body cannot be sent again. */
export type OnUnreplayable = 'response' | 'error';

/** Tells whether a token may be sent to an origin, given as text or as a URL. */
export type OriginCheck = (origin: string | URL | undefined) => boolean;

/**
 * The origins of a provider as a question.
 *
 * @throws AuthError `CONFIG` where there is none, or one that is no http(s) origin: an empty list must never mean "everywhere".
 */
export function createOriginCheck(provider: TokenProvider): OriginCheck {
  const origins: unknown[] = provider.origins.map((origin) => originOf(origin));
  if (origins.length === 0 || origins.includes(undefined)) {
    throw configError(provider, 'origins: expected at least one origin, each like "https://api.example.com"');
  }
  // Neither a set nor includes(): a few texts are compared in less time than one that is new with each request is hashed, or than a call takes.
  const has = (origin: unknown): boolean => origins.some((one) => one === origin);
  return (origin) => has(origin) || has(originOf(origin));
}

/** @throws AuthError `CONFIG` for anything but the two values and undefined. */
export function checkOnUnreplayable(provider: TokenProvider, value: unknown): OnUnreplayable {
  if (value === undefined || value === 'response') return 'response';
  if (value === 'error') return value;
  throw configError(provider, 'onUnreplayable: expected "response" or "error"');
}

/** An error about how this part was put together. */
export function configError(provider: TokenProvider, message: string): AuthError {
  return new AuthError({ code: 'CONFIG', provider: provider.name, message });
}

/** The error for a refused request that cannot be repeated. */
export function replayImpossible(provider: TokenProvider): AuthError {
  return new AuthError({
    code: 'REPLAY_IMPOSSIBLE',
    provider: provider.name,
    message:
      'The vendor refused the token, and it was renewed, but the body of this request (a stream or an iterator) cannot be sent twice: send the request again',
  });
}

function originOf(origin: string | URL | undefined): string | undefined {
  if (origin === undefined || !URL.canParse(String(origin))) return undefined;
  const url = new URL(origin);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : undefined;
}
