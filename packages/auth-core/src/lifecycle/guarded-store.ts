import { type ChannelMessages, publish } from '../channels.ts';
import { errorCode } from '../redact.ts';
import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { Account } from './account.ts';
import { holdLease, leaseTtl } from './held-lease.ts';
import type { ProviderSettings } from './provider-options.ts';
import type { WaitingRoom } from './waiting-room.ts';

type Trouble = ChannelMessages['storeTrouble'];

/** How long who waits for a lease pauses between two looks, in milliseconds: from the shortest pause, doubling, to the longest. */
const shortestPause = 50;
const longestPause = 500;

/**
 * A store that cannot hurt: what fails or takes too long counts as "nothing there" and is said on a channel. One that takes too long is left
 * alone for a moment before it is asked again. One that fails at once is not: that costs nothing, and where a new login ends the older token,
 * every moment apart from the fleet is a quarrel with it.
 */
export class GuardedStore {
  readonly #store: TokenStore;
  readonly #account: Account;
  readonly #settings: ProviderSettings;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(store: TokenStore, account: Account, settings: ProviderSettings) {
    this.#store = store;
    this.#account = account;
    this.#settings = settings;
  }

  /** Whether the store has leases. */
  get locks(): boolean {
    return this.#store.tryLock !== undefined;
  }

  get canLock(): boolean {
    return this.locks && !this.resting;
  }

  /** Whether the store has just taken too long and is left alone. */
  get resting(): boolean {
    return this.#settings.clock.monotonic() < this.#restsUntil;
  }

  get(key: string, room: WaitingRoom): Promise<string | undefined> {
    return this.#guard('get', room, () => this.#store.get(key), undefined);
  }

  /** False only where the lease was lost. */
  set(key: string, value: string, room: WaitingRoom, options: { expiresAt?: number; lease?: Lease }): Promise<boolean> {
    return this.#guard('set', room, () => this.#store.set(key, value, options), true);
  }

  async delete(key: string, expected: string, room: WaitingRoom): Promise<void> {
    await this.#guard('delete', room, () => this.#store.delete(key, expected), false);
  }

  /** Gives a lease back; also while the store is left alone, for others would wait until the lease ends, but then nobody waits for it here. */
  async release(lease: Lease, room: WaitingRoom): Promise<void> {
    const released = this.#ask('release', room, () => lease.release(), undefined);
    if (!this.resting) await released;
  }

  /**
   * Waits for the lease of a key, and looks meanwhile whether what it is wanted for has come: `look` is asked after every pause, and what it finds
   * ends the wait. Without a lease (undefined) the caller goes on alone: the store failed, or others have held the lease for twice `timeout`.
   */
  async lock<T>(key: string, room: WaitingRoom, look: () => Promise<T | undefined>): Promise<{ lease?: Lease; found?: T }> {
    const { clock, random, timeout } = this.#settings;
    const patience = clock.monotonic() + 2 * timeout;
    for (let pause = shortestPause; ; pause = Math.min(2 * pause, longestPause)) {
      const answer = await this.#tryLock(key, room);
      if (answer !== 'taken') return answer === undefined ? {} : { lease: holdLease(answer, room) };
      if (clock.monotonic() >= patience) {
        this.report('lock', 'timed out');
        return {};
      }
      await new Promise<void>((resolve) => void room.setTimer(pause * (1 - random() / 2), resolve));
      const found = await look();
      if (found !== undefined) return { found };
      if (this.resting) return {};
    }
  }

  /** Asked right before each exchange of the holder. False: the lease was lost, and somebody else may be logging in. */
  async extend(lease: Lease, room: WaitingRoom): Promise<boolean> {
    const held = await this.#guard('lock', room, () => lease.extend(leaseTtl), true);
    if (!held) this.report('lock', 'lease lost');
    return held;
  }

  report(operation: Trouble['operation'], why: Trouble['why'], error?: unknown): void {
    publish('storeTrouble', () => ({
      provider: this.#account.provider,
      account: this.#account.id,
      operation,
      why,
      ...(error instanceof Error ? { error: errorCode(error) ?? error.name } : {}),
    }));
  }

  /** Undefined where the store failed or took too long; a lease that comes later than that is given back. */
  async #tryLock(key: string, room: WaitingRoom): Promise<Lease | 'taken' | undefined> {
    const asked = (async () => (await this.#store.tryLock?.(key, leaseTtl)) ?? 'taken')();
    const answer = await this.#ask('lock', room, () => asked, undefined);
    // Where it cannot be given back, it ends by itself.
    if (answer === undefined) asked.then((lease) => (lease === 'taken' ? undefined : lease.release())).catch(() => undefined);
    return answer;
  }

  async #guard<T>(operation: Trouble['operation'], room: WaitingRoom, run: () => Promise<T>, otherwise: T): Promise<T> {
    return this.resting ? otherwise : this.#ask(operation, room, run, otherwise);
  }

  async #ask<T>(operation: Trouble['operation'], room: WaitingRoom, run: () => Promise<T>, otherwise: T): Promise<T> {
    const work = (async () => ({ result: await run() }))();
    try {
      const answer = await room.within(this.#settings.storeTimeout, work, () => undefined);
      if (answer !== undefined) return answer.result;
      this.#restsUntil = this.#settings.clock.monotonic() + this.#settings.storeTimeout;
      this.report(operation, 'timed out');
    } catch (error) {
      this.report(operation, 'failed', error);
    }
    return otherwise;
  }
}
