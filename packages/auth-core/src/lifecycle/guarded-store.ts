import { isAuthError } from '../auth-error.ts';
import { type ChannelMessages, publish } from '../events.ts';
import { errorCode, foreignError } from '../secret-texts.ts';
import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { Account } from './account.ts';
import type { Waiters } from './waiters.ts';

type Trouble = ChannelMessages['storeTrouble'];

/** How long a lease lasts, in milliseconds: as long as others have to wait for a holder that was killed. */
const leaseTtl = 3_000;

/** How often it is extended while it is held. */
const extendEvery = 1_000;

/** How long who waits for a lease pauses between two looks, in milliseconds: from the shortest pause, doubling, to the longest. */
const shortestPause = 50;
const longestPause = 500;

/** In place of an entry that could not be read: whether there is one is not known. */
export const unread: unique symbol = Symbol('unread');

/**
 * A store that cannot hurt: what fails or takes too long fails no request, and is published on a channel. One that takes too long is left
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
  get hasLeases(): boolean {
    return this.#store.tryLock !== undefined;
  }

  get canLock(): boolean {
    return this.hasLeases && !this.resting;
  }

  /** Whether the store has just taken too long and is left alone. */
  get resting(): boolean {
    return this.#account.settings.clock.monotonic() < this.#restsUntil;
  }

  /** What is no text counts as nothing; `unread` where the store failed or is left alone. */
  async get(key: string, waiters: Waiters): Promise<string | undefined | typeof unread> {
    const value: unknown = await this.#guard<unknown>('get', waiters, () => this.#store.get(key), unread);
    if (typeof value === 'string' || value === unread) return value;
    if (value !== undefined && value !== null) this.report('read', 'unreadable', waiters);
    return undefined;
  }

  /** False only where the lease was lost. */
  set(key: string, value: string, waiters: Waiters, options: { expiresAt?: number; lease?: Lease }): Promise<boolean> {
    return this.#guard('set', waiters, () => this.#store.set(key, value, options), true, value);
  }

  async delete(key: string, expected: string | undefined, waiters: Waiters): Promise<void> {
    await this.#guard('delete', waiters, () => this.#store.delete(key, expected), false, expected);
  }

  /** Deletes whatever is stored, also while the store is left alone: it is all that the caller waits for. */
  async remove(key: string, waiters: Waiters): Promise<void> {
    await this.#ask('delete', waiters, () => this.#store.delete(key), false);
  }

  /** Gives a lease back; also while the store is left alone, for others would wait until the lease ends, but then nobody waits for it here. */
  async release(lease: Lease, waiters: Waiters): Promise<void> {
    const released = this.#ask('release', waiters, () => lease.release(), undefined);
    if (!this.resting) await released;
  }

  /**
   * Waits for the lease of a key, and looks meanwhile whether what it is wanted for has come: `look` is asked after every pause, and what it finds
   * ends the wait. Without a lease (undefined) the caller goes on alone: the store failed, or others have held the lease for twice `timeout`.
   */
  async lock<T>(key: string, waiters: Waiters, look: () => Promise<T | undefined>): Promise<{ lease?: Lease; found?: T }> {
    const { clock, random, timeout } = this.#account.settings;
    const deadline = clock.monotonic() + 2 * timeout;
    for (let pause = shortestPause; ; pause = Math.min(2 * pause, longestPause)) {
      const answer = await this.#tryLock(key, waiters);
      if (answer !== 'taken') return answer === undefined ? {} : { lease: keepExtended(answer, waiters) };
      if (clock.monotonic() >= deadline) {
        this.report('lock', 'timed out', waiters);
        return {};
      }
      await new Promise<void>((resolve) => void waiters.setTimer(pause * (1 - random() / 2), resolve));
      const found = await look();
      if (found !== undefined) return { found };
      if (this.resting) return {};
    }
  }

  /** Asked right before each exchange of the holder. False: the lease was lost, and somebody else may be logging in. */
  async extend(lease: Lease, waiters: Waiters): Promise<boolean> {
    const held = await this.#guard('lock', waiters, () => lease.extend(leaseTtl), true);
    if (!held) this.report('lock', 'lease lost', waiters);
    return held;
  }

  /** `given` is the value that the store was given for what failed: its error may repeat that, as it may the key. */
  report(operation: Trouble['operation'], why: Trouble['why'], { login, secrets }: Waiters, error?: unknown, given = ''): void {
    const { eventFields, storeKey } = this.#account;
    publish('storeTrouble', () => ({
      ...eventFields,
      login,
      operation,
      why,
      ...(error === undefined ? {} : tellOf(error, [...secrets(), storeKey, given])),
    }));
  }

  /** Undefined where the store failed or took too long; a lease that comes later than that is given back. */
  async #tryLock(key: string, waiters: Waiters): Promise<Lease | 'taken' | undefined> {
    const asked = (async () => (await this.#store.tryLock?.(key, leaseTtl)) ?? 'taken')();
    const answer = await this.#ask('lock', waiters, () => asked, undefined);
    // Where it cannot be given back, it ends by itself.
    if (answer === undefined) asked.then((lease) => (lease === 'taken' ? undefined : lease.release())).catch(() => undefined);
    return answer;
  }

  async #guard<T>(operation: Trouble['operation'], waiters: Waiters, run: () => Promise<T>, otherwise: T, given?: string): Promise<T> {
    return this.resting ? otherwise : this.#ask(operation, waiters, run, otherwise, given);
  }

  async #ask<T>(operation: Trouble['operation'], waiters: Waiters, run: () => Promise<T>, otherwise: T, given?: string): Promise<T> {
    const work = (async () => ({ result: await run() }))();
    try {
      const answer = await waiters.within(this.#account.settings.storeTimeout, work, () => undefined);
      if (answer !== undefined) return answer.result;
      this.#restsUntil = this.#account.settings.clock.monotonic() + this.#account.settings.storeTimeout;
      this.report(operation, 'timed out', waiters);
    } catch (error) {
      this.report(operation, 'failed', waiters, error, given);
    }
    return otherwise;
  }
}

/** What an event says of a store's error. Those of our own stores hold no secret, and to leave out a known sentence would tell that a secret is in it. */
function tellOf(error: unknown, secrets: readonly string[]): Pick<Trouble, 'error' | 'reason'> {
  const isOurs = isAuthError(error) && /^auth-store-(?:redis|sqlite)$/.test(error.provider);
  const told = isOurs ? error : foreignError(error, secrets);
  return { error: errorCode(told) ?? told.name, ...(isAuthError(error) ? { reason: told.message } : {}) };
}

/**
 * A lease that is extended every second until it is given back or lost. The store is asked whether or not it is left alone just now: while the
 * holder logs in, its lease must not end. Once it was lost, `extend` is false without another question.
 */
function keepExtended(lease: Lease, waiters: Waiters): Lease {
  let lost = false;
  let cancel = extendLater();

  function extendLater(): () => void {
    return waiters.setTimer(extendEvery, () => {
      cancel = extendLater();
      // The lease outlasts two failures; after a third the next exchange, or the writing of what it brought, tells that it was lost.
      extend(leaseTtl).catch(() => undefined);
    });
  }

  async function extend(ttl: number): Promise<boolean> {
    lost ||= !(await lease.extend(ttl));
    if (lost) cancel();
    return !lost;
  }

  return {
    id: lease.id,
    extend: async (ttl) => !lost && (await extend(ttl)),
    release: () => {
      cancel();
      return lease.release();
    },
  };
}
