/** A place where tokens rest, shared by as many providers and processes as reach it. Keys and values are opaque strings to a store. */
export interface TokenStore {
  /** The value, or undefined where there is none (any more). */
  get(key: string): Promise<string | undefined>;
  /**
   * Stores a value. `expiresAt` (epoch milliseconds) is when the store may forget it. With `lease`, only while that lease is held: false = it
   * was lost, and nothing was written.
   */
  set(key: string, value: string, options?: { expiresAt?: number; lease?: Lease }): Promise<boolean>;
  /** Removes a value; with `expected` only if that is what is stored. True = something was removed. */
  delete(key: string, expected?: string): Promise<boolean>;
  /**
   * Takes the one lease of a key, at once: undefined = somebody else holds it. It ends by itself `ttl` milliseconds later, unless it is extended.
   * Waiting, asking again and extending are the provider's.
   */
  tryLock?(key: string, ttl: number): Promise<Lease | undefined>;
}

/** The right to log in for a key, held by one at a time. */
export interface Lease {
  /** Tells this lease from every other, also from an earlier one of the same holder. */
  readonly id: string;
  /** Makes it last `ttl` milliseconds from now. False: it was lost, as it is once it has ended, also if nobody else has taken it since. */
  extend(ttl: number): Promise<boolean>;
  /** Gives it back; does nothing if it was lost. */
  release(): Promise<void>;
}

/**
 * By this symbol a store that lives in the memory of its process tells a random key of its own. What binds an entry to a password needs no slow key
 * derivation there: nobody can carry the entries away.
 */
export const processKey: unique symbol = Symbol.for('@x/auth-core/processKey');

/** A store that may live in the memory of its process. */
export interface ProcessStore {
  readonly [processKey]?: Buffer;
}

/**
 * By this symbol a view of a store says that the pauses in it forbid no login. What is stored still counts: a further refusal or failure makes the next
 * pause longer, and a success ends them all.
 */
export const ignoresPauses: unique symbol = Symbol.for('@x/auth-core/ignoresPauses');

/** A store whose pauses may forbid no login. */
export interface PauseView {
  readonly [ignoresPauses]?: boolean;
}
