import { channel } from 'node:diagnostics_channel';

import type { AuthErrorCode } from './auth-error.ts';

/**
 * The names of the `node:diagnostics_channel` channels on which providers publish what they do. {@link ChannelMessages} has the payload of
 * each. No payload holds a password or a token.
 */
export const channels = {
  /** A login begins. */
  loginStart: '@x/auth-core:login.start',
  /** A login brought a token. */
  loginEnd: '@x/auth-core:login.end',
  /** A login failed; no further attempt is made. */
  loginFailure: '@x/auth-core:login.failure',
  /** A token came from the store and is used. */
  tokenFromStore: '@x/auth-core:token.from-store',
  /** A refresh ahead of the end is over, well or badly; or a renewal after an assumed end failed. */
  refresh: '@x/auth-core:refresh',
  /** The vendor rejected a token. */
  rejection: '@x/auth-core:rejection',
  /** The assumed end of a token is past and its renewal failed: it stays in use. */
  keptPastAssumedEnd: '@x/auth-core:token.kept-past-assumed-end',
  /** Too many rejected tokens: this rejection causes no login. */
  budgetUsedUp: '@x/auth-core:rejection.budget-used-up',
  /** Refused credentials, a login that failed for good, or a pause that the vendor asked for: no login until it is over. */
  cooldown: '@x/auth-core:cooldown',
  /** A token's end is not known; it gets `fallbackLifetime`. */
  unknownEnd: '@x/auth-core:token.unknown-end',
  /** A store failed, was too slow, or held something unreadable. */
  storeTrouble: '@x/auth-core:store.trouble',
} as const;

/** What every message says. */
export interface ChannelMessage {
  /** The provider's name. */
  readonly provider: string;
  /** Which account, as a short hash: the same in every process. */
  readonly account: string;
  /** Which login, `status()` or `forget()`, by a random id that all events of one have; absent where an event belongs to none. */
  readonly login?: string;
}

/** The payload of each channel. Durations are milliseconds, `token` is a short keyed fingerprint that is the same in every process. */
export interface ChannelMessages {
  /** A login begins. */
  loginStart: ChannelMessage & { readonly cause: LoginCause };
  /** A login brought a token. */
  loginEnd: ChannelMessage & {
    readonly cause: LoginCause;
    readonly token: string;
    readonly attempts: number;
    readonly duration: number;
    /** Epoch milliseconds of the local clock; absent = it has no end. */
    readonly expiresAt?: number;
  };
  /** A login failed; no further attempt is made. */
  loginFailure: ChannelMessage & FailureMessage & { readonly cause: LoginCause; readonly attempts: number; readonly duration: number };
  /** A token came from the store; it was issued `age` milliseconds ago. */
  tokenFromStore: ChannelMessage & {
    readonly cause: LoginCause;
    readonly token: string;
    readonly age: number;
    /** Epoch milliseconds of the local clock; absent = it has no end. */
    readonly expiresAt?: number;
  };
  /** A refresh has ended; after a bad one `nextTryIn` is how many milliseconds the next one waits. */
  refresh: ChannelMessage & { readonly ok: boolean; readonly code?: AuthErrorCode; readonly nextTryIn?: number };
  /** A token was rejected; `current` tells whether it was still the one in use. */
  rejection: ChannelMessage & { readonly token: string; readonly current: boolean };
  /** The end of a token was only assumed, and it is past; its renewal failed, and the next one waits `nextTryIn` milliseconds. */
  keptPastAssumedEnd: ChannelMessage & { readonly token: string; readonly code?: AuthErrorCode; readonly nextTryIn: number };
  /** A rejected token stays in use, because too many were rejected of late. */
  budgetUsedUp: ChannelMessage & { readonly token: string };
  /** No login for `duration` milliseconds. */
  cooldown: ChannelMessage & FailureMessage & { readonly duration: number };
  /** A token's end is not known: it gets `lifetime` milliseconds. */
  unknownEnd: ChannelMessage & { readonly token: string; readonly why: 'not told' | 'already past'; readonly lifetime: number };
  /** A store failed or was too slow, held something unreadable, or a lease was lost. */
  storeTrouble: ChannelMessage & {
    readonly operation: 'get' | 'set' | 'delete' | 'lock' | 'release' | 'read';
    readonly why: 'failed' | 'timed out' | 'unreadable' | 'lease lost';
    /** The error's code, or its name, if it repeats neither a secret nor what the store was given; never its message. */
    readonly error?: string;
    /** What the store says of it: the message of its `AuthError`; left out whole if it repeats a secret or what the store was given. */
    readonly reason?: string;
  };
}

/** What a message about a failure says. */
export interface FailureMessage {
  /** What kind of failure it is. */
  readonly code: AuthErrorCode;
  /** The vendor's own code for it. */
  readonly vendorCode?: string;
  /** The HTTP status of the vendor's answer. */
  readonly vendorStatus?: number;
}

/**
 * Why a login was needed. `first`: the provider had no token before; `ended`: its token had expired, was forgotten, or a login in place of a rejected one had
 * failed.
 */
export type LoginCause = 'first' | 'ended' | 'refresh' | 'rejected';

/** Publishes a message, made only where somebody listens. */
export function publish<Name extends keyof ChannelMessages>(name: Name, message: () => ChannelMessages[Name]): void {
  const target = channel(channels[name]);
  if (target.hasSubscribers) target.publish(message());
}
