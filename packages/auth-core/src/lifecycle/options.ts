import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import type { TokenStore } from '../stores/token-store.ts';
import { parseOptions } from '../validation.ts';
import { type Clock, systemClock } from './clock.ts';

/** The options that are the same for every provider. All durations are milliseconds. */
export interface TokenProviderOptions {
  /** One whole login, its attempts and pauses included; a store, and waiting for another process's login, do not count. Default 15,000. */
  timeout?: number | undefined;
  /** One exchange with the vendor. Default 5,000. */
  attemptTimeout?: number | undefined;
  /** Further attempts after a transient failure, with pauses of 200 ms doubling to 2 s, jittered, or of `Retry-After` where that is longer. Default 2. */
  retries?: number | undefined;
  /**
   * How long before the end the refresh starts; jitter (up to a fifth of it) only makes it earlier; a value not below the lifetime counts as half
   * of it; 0 = never ahead. Default: a tenth of the lifetime, at most a day.
   */
  refreshBefore?: number | undefined;
  /**
   * The lifetime of a token whose end is unknown. That end is only assumed: while the renewal fails, the token stays in use until the vendor rejects it.
   * Default 43,200,000 (12 hours).
   */
  fallbackLifetime?: number | undefined;
  /**
   * How long refused credentials are not tried again; doubles with each further refusal of the same ones, up to an hour. After five refusals without a success
   * within an hour, whatever the passwords, the account as such pauses. Default 30,000.
   */
  cooldown?: number | undefined;
  /** Logins that rejected tokens may cause, and one more a minute; beyond it the rejection is passed on. Default 5. */
  rejectionBudget?: number | undefined;
  /** Where tokens are stored, to be shared by several providers or processes. Default: in this provider's memory alone. */
  store?: TokenStore | undefined;
  /** How long a store may take before the provider goes on without it. Default 1,000. */
  storeTimeout?: number | undefined;
  /** The undici dispatcher for the login. Default: the global one. */
  dispatcher?: Dispatcher | undefined;
  /** Allows plain http elsewhere than on loopback. Default false. */
  allowInsecure?: boolean | undefined;
  /** Where time comes from; for tests. */
  clock?: Clock | undefined;
  /** Where chance comes from, from [0, 1); for tests. */
  random?: (() => number) | undefined;
}

/** The options with their defaults in place. */
export interface ProviderSettings {
  readonly timeout: number;
  readonly attemptTimeout: number;
  readonly retries: number;
  readonly refreshBefore: number | undefined;
  readonly fallbackLifetime: number;
  readonly cooldown: number;
  readonly rejectionBudget: number;
  readonly store: TokenStore | undefined;
  readonly storeTimeout: number;
  readonly dispatcher: Dispatcher | undefined;
  readonly allowInsecure: boolean;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Node.js timers take no longer delay: they would fire at once. */
const maxTimer = 2 ** 31 - 1;

const count = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && value >= 0, 'expected a whole number of 0 or more'),
);
const timerDelay = v.pipe(
  v.number(),
  v.check((value) => value > 0 && value <= maxTimer, 'expected milliseconds, more than 0 and less than 25 days'),
);
const duration = v.pipe(
  v.number(),
  v.check((value) => value >= 0 && Number.isFinite(value), 'expected milliseconds, 0 or more'),
);
const lifetime = v.pipe(
  v.number(),
  v.check((value) => value > 0 && Number.isFinite(value), 'expected milliseconds, more than 0'),
);

function hasMethods<T>(what: string, ...methods: string[]): v.GenericSchema<T> {
  const matches = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && methods.every((method) => typeof Reflect.get(value, method) === 'function');
  return v.custom<T>(matches, `expected ${what} (an object with ${methods.join(', ')})`);
}

/** The valibot entries of {@link TokenProviderOptions}, for a provider's own schema to spread. */
export const tokenProviderOptionEntries: { [Option in keyof TokenProviderOptions]-?: v.GenericSchema<TokenProviderOptions[Option]> } = {
  timeout: v.optional(timerDelay),
  attemptTimeout: v.optional(timerDelay),
  retries: v.optional(count),
  refreshBefore: v.optional(duration),
  fallbackLifetime: v.optional(lifetime),
  cooldown: v.optional(duration),
  rejectionBudget: v.optional(count),
  store: v.optional(hasMethods<TokenStore>('a TokenStore', 'get', 'set', 'delete')),
  storeTimeout: v.optional(timerDelay),
  dispatcher: v.optional(hasMethods<Dispatcher>('an undici Dispatcher', 'dispatch')),
  allowInsecure: v.optional(v.boolean()),
  clock: v.optional(hasMethods<Clock>('a clock', 'now', 'monotonic')),
  random: v.optional(v.custom<() => number>((value) => typeof value === 'function', 'expected a function')),
};

const schema = v.object(tokenProviderOptionEntries);

/** Of a provider's own options those that every provider has: what {@link createTokenProvider} takes. */
export function pickTokenProviderOptions(options: TokenProviderOptions): TokenProviderOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in tokenProviderOptionEntries));
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws AuthError `CONFIG` that names every wrong field.
 */
export function resolveOptions(options: TokenProviderOptions, provider: string): ProviderSettings {
  const given = parseOptions(schema, options, provider);
  return {
    timeout: given.timeout ?? 15_000,
    attemptTimeout: given.attemptTimeout ?? 5_000,
    retries: given.retries ?? 2,
    refreshBefore: given.refreshBefore,
    fallbackLifetime: given.fallbackLifetime ?? 43_200_000,
    cooldown: given.cooldown ?? 30_000,
    rejectionBudget: given.rejectionBudget ?? 5,
    store: given.store,
    storeTimeout: given.storeTimeout ?? 1_000,
    dispatcher: given.dispatcher,
    allowInsecure: given.allowInsecure ?? false,
    clock: given.clock ?? systemClock,
    random: given.random ?? Math.random,
  };
}
