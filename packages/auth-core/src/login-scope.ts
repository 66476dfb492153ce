import type { TokenProvider } from './token-provider.ts';

/**
 * How a login's own requests are told from all others: they must never wait for the token that they are to bring, and carry none. The symbols are
 * registered globally, so that this works across duplicate installs of the package.
 */

/** Marks the dispatch options of a login request, which no interceptor of ours may touch. */
export const loginRequest: unique symbol = Symbol.for('@x/auth-core/loginRequest');

/** How the request side asks a provider whether it is being called from inside this provider's own login. */
export const insideLogin: unique symbol = Symbol.for('@x/auth-core/insideLogin');

/**
 * How a login leaves its scope for an exchange that bears the mark: connections that are made there live on, and what other requests do on them later
 * must not count as the login's own.
 */
export const outsideLogin: unique symbol = Symbol.for('@x/auth-core/outsideLogin');

/** A login context that knows a way out of the login's scope. */
export interface ScopedLogin {
  [outsideLogin]?<T>(run: () => T): T;
}

/** A provider that can tell whether the caller runs inside its own login. */
export interface LoginAware {
  [insideLogin]?(): boolean;
}

/** Whether the calling code runs inside this provider's own login; false where the provider cannot tell. */
export function isInsideLogin(provider: TokenProvider & LoginAware): boolean {
  return provider[insideLogin]?.() === true;
}
