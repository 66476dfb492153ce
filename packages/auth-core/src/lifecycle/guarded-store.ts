import { type ChannelMessages, publish } from '../events.ts';
import { errorCode } from '../hide-secrets.ts';
import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { Account } from './account.ts';
import type { Waiters } from './waiters.ts';

type Trouble = ChannelMessages['storeTrouble'];

/** How long to wait for a lease, where the store does not say how long one lasts. */
const assumedLockTtl = 20_000;

/**
 * A store that cannot hurt: what fails or takes too long counts as "nothing there" and is published on a channel. One that takes too long is left
 * alone for a moment before it is asked again. One that fails at once is not: that costs nothing, and where a new login ends the older token,
 * every moment apart from the fleet costs both sides logins.
 */
export class GuardedStore {
  readonly #store: TokenStore;
  readonly #account: Account;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(store: TokenStore, account: Account) {
    this.#store = store;
    this.#account = account;
  }

  /** Whether the store has leases. */
  get locks(): boolean {
    return this.#store.lock !== undefined;
  }

  get canLock(): boolean {
    return this.locks && !this.resting;
  }

  /** Whether the store has just taken too long and is left alone. */
  get resting(): boolean {
    return this.#account.settings.clock.monotonic() < this.#restsUntil;
  }

  get(key: string, waiters: Waiters): Promise<string | undefined> {
    return this.#guard('get', waiters, () => this.#store.get(key), undefined);
  }

  /** False only where the lease was lost. */
  set(key: string, value: string, waiters: Waiters, options: { expiresAt?: number; lease?: Lease }): Promise<boolean> {
    return this.#guard('set', waiters, () => this.#store.set(key, value, options), true);
  }

  async delete(key: string, expected: string, waiters: Waiters): Promise<void> {
    await this.#guard('delete', waiters, () => this.#store.delete(key, expected), false);
  }

  /** Gives a lease back; also while the store is left alone, for others would wait until the lease ends, but then nobody waits for it here. */
  async release(lease: Lease, waiters: Waiters): Promise<void> {
    const released = this.#ask('release', waiters, () => lease.release(), undefined);
    if (!this.resting) await released;
  }

  /**
   * Waits for the lease of a key, and looks meanwhile whether what it is wanted for has come: `look` is asked every so often, and what it finds
   * ends the wait. Without a lease (undefined) the caller goes on alone: the store failed, or nobody gave the lease back in twice its time.
   */
  async lock<T>(key: string, waiters: Waiters, look: () => Promise<T | undefined>): Promise<{ lease?: Lease; found?: T }> {
    const { clock, random } = this.#account.settings;
    const deadline = clock.monotonic() + 2 * Math.max(this.#store.lockTtl ?? assumedLockTtl, this.#account.settings.timeout);
    const controller = new AbortController();
    const wanted = this.#requestLease(key, controller.signal);
    for (let pause = 50; ; pause = Math.min(pause * 1.5, 1_000)) {
      const answer = await waiters.within(pause * (1 + random() / 2), wanted, () => 'waiting' as const);
      if (answer !== 'waiting') return answer === undefined ? {} : { lease: answer };
      const found = await look();
      const late = clock.monotonic() >= deadline;
      if (found === undefined && !this.resting && !late) continue;
      if (found === undefined && late) this.report('lock', 'timed out');
      controller.abort();
      void wanted.then((lease) => lease && this.release(lease, waiters));
      return found === undefined ? {} : { found };
    }
  }

  report(operation: Trouble['operation'], why: Trouble['why'], error?: unknown): void {
    publish('storeTrouble', () => ({
      ...this.#account.sender,
      operation,
      why,
      ...(error instanceof Error ? { error: errorCode(error) ?? error.name } : {}),
    }));
  }

  async #requestLease(key: string, signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#store.lock?.(key, { signal });
    } catch (error) {
      if (!signal.aborted) this.report('lock', 'failed', error);
      return undefined;
    }
  }

  async #guard<T>(operation: Trouble['operation'], waiters: Waiters, run: () => Promise<T>, otherwise: T): Promise<T> {
    return this.resting ? otherwise : this.#ask(operation, waiters, run, otherwise);
  }

  async #ask<T>(operation: Trouble['operation'], waiters: Waiters, run: () => Promise<T>, otherwise: T): Promise<T> {
    const work = (async () => ({ result: await run() }))();
    try {
      const answer = await waiters.within(this.#account.settings.storeTimeout, work, () => undefined);
      if (answer !== undefined) return answer.result;
      this.#restsUntil = this.#account.settings.clock.monotonic() + this.#account.settings.storeTimeout;
      this.report(operation, 'timed out');
    } catch (error) {
      this.report(operation, 'failed', error);
    }
    return otherwise;
  }
}
