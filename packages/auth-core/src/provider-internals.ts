import type { ResponseProbe, TokenProvider } from './token-provider.ts';

/**
 * What the request side knows of a provider and of its logins beyond the interface. The symbols are registered globally, so that all of it works
 * across duplicate installs of the package.
 */

/** Marks the dispatch options of a login request, which no interceptor of ours may touch: a login brings a token and carries none. */
export const loginRequest: unique symbol = Symbol.for('@x/auth-core/loginRequest');

/** How the request side asks a provider whether it is being called from inside this provider's own login, which must not wait for its token. */
export const insideLogin: unique symbol = Symbol.for('@x/auth-core/insideLogin');

/**
 * How a login leaves its scope for an exchange that bears the mark: connections that are made there live on, and what other requests do on them later
 * must not count as the login's own.
 */
export const outsideLogin: unique symbol = Symbol.for('@x/auth-core/outsideLogin');

/** How the request side asks a provider for the names of the headers that carry its tokens, before there is a token. */
export const tokenHeaderNames: unique symbol = Symbol.for('@x/auth-core/tokenHeaderNames');

/**
 * How the request side lets a provider hear the vendor's time, which it lacks where its token came from a store. Asked right before a request is sent:
 * what an answer's `Date` says is as old as the exchange was long.
 */
export const clockProbe: unique symbol = Symbol.for('@x/auth-core/clockProbe');

/** Told of the answer's head. */
export type ClockProbe = (head: ResponseProbe) => void;

/** A login context that knows a way out of the login's scope. */
export interface ScopedLogin {
  [outsideLogin]?<T>(run: () => T): T;
}

/** What a provider may have beyond its interface. */
export interface ProviderInternals {
  [insideLogin]?(): boolean;
  /** Lower case; undefined as long as they are not known. */
  [tokenHeaderNames]?(): readonly string[] | undefined;
  /** Undefined where the vendor's time is known. */
  [clockProbe]?(): ClockProbe | undefined;
}

/** Whether the calling code runs inside this provider's own login; false where the provider cannot tell. */
export function isInsideLogin(provider: TokenProvider & ProviderInternals): boolean {
  return provider[insideLogin]?.() === true;
}

/** The names of the headers that carry a provider's tokens, in lower case; undefined where they are not known yet. */
export function knownHeaderNames(provider: TokenProvider & ProviderInternals): readonly string[] | undefined {
  return provider[tokenHeaderNames]?.();
}

/** Begins to time a request whose answer may tell the vendor's time; undefined where that is known. */
export function probeVendorClock(provider: TokenProvider & ProviderInternals): ClockProbe | undefined {
  return provider[clockProbe]?.();
}
