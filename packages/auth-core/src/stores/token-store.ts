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
   * Waits for the one lease of a key. It ends by itself after the store's `lockTtl`. Rejects with the signal's reason once it fires. The waiting
   * need not keep the process alive: the provider does, while a caller waits.
   */
  lock?(key: string, options: { signal: AbortSignal }): Promise<Lease>;
  /** How long a lease lasts, in milliseconds, where the store has leases that end: it must exceed the provider's `timeout`. */
  readonly lockTtl?: number;
}

/** The right to log in for a key, held by one at a time. */
export interface Lease {
  /** Tells this lease from every other, also from an earlier one of the same holder. */
  readonly id: string;
  /** Gives it back; does nothing if it was lost. */
  release(): Promise<void>;
}
