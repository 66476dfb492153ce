import { randomUUID } from 'node:crypto';

import type { AuthError } from '../auth-error.ts';
import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { Account } from './account.ts';
import type { Pause, Refusal } from './cooldown.ts';
import { GuardedStore } from './guarded-store.ts';
import {
  createVerifier,
  type FailureEntry,
  formatFailure,
  formatRefusals,
  formatToken,
  parseFailure,
  parseRefusals,
  parseToken,
  type RefusalEntry,
  verifies,
} from './store-entries.ts';
import type { VendorToken } from './token.ts';
import type { Waiters } from './waiters.ts';

/** Refused credentials of one account that a fleet remembers: an old and a new wrong password may be in use at once. */
const maxRefusals = 4;

/** A refusal is remembered this long after its cooldown, so that the next one of the same credentials doubles it. */
const refusalMemory = 3_600_000;

/** How long a failed login is told to those who waited for it; they look every second at least. */
const failureMemory = 60_000;

/** What the providers of one account tell each other through a store: the token, which credentials were refused, and the last login that failed. */
export class SharedState {
  readonly #store: GuardedStore;
  readonly #account: Account;

  constructor(store: TokenStore, account: Account) {
    this.#store = new GuardedStore(store, account);
    this.#account = account;
  }

  // Made anew each time: thousands of providers that are not used would keep three texts each.
  get #tokenKey(): string {
    return `${this.#account.storeKey}:token`;
  }

  get #refusalsKey(): string {
    return `${this.#account.storeKey}:refused`;
  }

  get #failureKey(): string {
    return `${this.#account.storeKey}:failed`;
  }

  /**
   * The stored token, if it was stored by somebody who held the same secret and has not ended (an end that is only assumed may be past). `seen` is an entry that was looked at before and is not
   * looked at again: telling whose secret it was costs milliseconds.
   */
  async findToken(secret: string, waiters: Waiters, seen?: string): Promise<{ entry?: string; token?: VendorToken }> {
    const entry = await this.#store.get(this.#tokenKey, waiters);
    if (entry === undefined || entry === seen) return {};
    const stored = parseToken(entry);
    if (stored === undefined) this.#store.report('read', 'unreadable');
    if (stored === undefined || !(await verifies(secret, stored.verifier, this.#tokenKey))) return { entry };
    this.#account.vendorClock.reportAtLeast(stored.issuedAt);
    const { value, scheme, extra, issuedAt, expiresAt, assumedEnd } = stored;
    if (assumedEnd !== true && expiresAt !== undefined && expiresAt <= this.#account.vendorClock.now()) return { entry };
    return { entry, token: { value, scheme, extra, issuedAt, expiresAt, assumedEnd } };
  }

  /** Removes a token that the vendor rejected, if its entry is still the stored one. */
  forgetToken(entry: string, waiters: Waiters): Promise<void> {
    return this.#store.delete(this.#tokenKey, entry, waiters);
  }

  /** Stores a token. False: the lease was lost meanwhile, and what came after it stays. */
  async keepToken(token: VendorToken, secret: string, lease: Lease | undefined, waiters: Waiters): Promise<boolean> {
    // A write that was given up on may still be carried out, over what came after it. Without a lease it is made only where the store just answered.
    if (lease === undefined && this.#store.locks) await this.#store.get(this.#tokenKey, waiters);
    if (this.#store.resting) return true;
    const entry = formatToken({ ...token, verifier: await createVerifier(secret, this.#tokenKey) });
    const hasEnd = token.expiresAt !== undefined && token.assumedEnd !== true;
    const expiresAt = hasEnd ? { expiresAt: this.#account.vendorClock.toLocal(token.expiresAt) } : {};
    const kept = await this.#store.set(this.#tokenKey, entry, waiters, { ...expiresAt, ...(lease === undefined ? {} : { lease }) });
    if (!kept) this.#store.report('set', 'lease lost');
    return kept;
  }

  /** Waits for the right to log in, or for the token that makes it needless. */
  lock<T>(waiters: Waiters, look: () => Promise<T | undefined>): Promise<{ lease?: Lease; found?: T }> {
    return this.#store.canLock ? this.#store.lock(this.#tokenKey, waiters, look) : Promise.resolve({});
  }

  /** Asked right before each exchange. False: the lease was lost. */
  extend(lease: Lease, waiters: Waiters): Promise<boolean> {
    return this.#store.extend(lease, waiters);
  }

  release(lease: Lease, waiters: Waiters): Promise<void> {
    return this.#store.release(lease, waiters);
  }

  /** The last login of the account that failed, for a while. */
  async findFailure(waiters: Waiters): Promise<FailureEntry | undefined> {
    const entry = await this.#store.get(this.#failureKey, waiters);
    return entry === undefined ? undefined : parseFailure(entry);
  }

  /** Tells those who wait for this login that it failed (`final`), and the fleet of a pause that the vendor asked for. */
  async keepFailure(error: AuthError, final: boolean, waiters: Waiters): Promise<void> {
    const { code, message, vendorCode, vendorMessage, vendorStatus, attempts, retryable, retryAfter: pause = 0 } = error;
    const now = this.#account.vendorClock.now();
    const failure = { code, message, vendorCode, vendorMessage, vendorStatus, attempts, retryable };
    const entry = formatFailure({ ...failure, final, pause, pauseUntil: now + pause, id: randomUUID() });
    const expiresAt = this.#account.vendorClock.toLocal(now + Math.max(pause, failureMemory));
    await this.#store.set(this.#failureKey, entry, waiters, { expiresAt });
  }

  /** Milliseconds of a failure's pause that are left. */
  pauseLeft(failure: FailureEntry): number {
    return Math.max(0, Math.min((failure.pauseUntil ?? 0) - this.#account.vendorClock.now(), failure.pause ?? 0));
  }

  /** The longest pause that the fleet knows of for these credentials. */
  async pause(secret: string, waiters: Waiters): Promise<Pause | undefined> {
    const refusal = await this.findRefusal(secret, 0, waiters);
    const failure = await this.findFailure(waiters);
    const refused = refusal && { reason: refusal.code, left: refusal.until };
    const failed = failure && { reason: failure.code, left: this.pauseLeft(failure) };
    return (failed?.left ?? 0) > (refused?.left ?? 0) ? failed : refused;
  }

  /** Removes all that is stored for the account. */
  async forgetAll(waiters: Waiters): Promise<void> {
    for (const key of [this.#tokenKey, this.#refusalsKey, this.#failureKey]) await this.#store.delete(key, undefined, waiters);
  }

  /** What the fleet knows of these credentials' refusal; its end is on our monotonic clock, whose reading now is `monotonic`. */
  async findRefusal(secret: string, monotonic: number, waiters: Waiters): Promise<Refusal | undefined> {
    for (const refusal of await this.#readRefusals(waiters)) {
      if (!(await verifies(secret, refusal.verifier, this.#refusalsKey))) continue;
      const { code, vendorCode, vendorMessage, count, until, duration } = refusal;
      const left = Math.min(until - this.#account.vendorClock.now(), duration);
      return { code, vendorCode, vendorMessage, count, until: monotonic + left };
    }
    return undefined;
  }

  /** Tells the fleet of a refusal, in place of what it knew of the same credentials. */
  async keepRefusal(secret: string, refusal: Refusal, duration: number, waiters: Waiters): Promise<void> {
    if (this.#store.resting) return;
    const others = await this.#refusalsOfOthers(secret, waiters);
    const { code, vendorCode, vendorMessage, count } = refusal;
    const until = this.#account.vendorClock.now() + duration;
    const verifier = await createVerifier(secret, this.#refusalsKey);
    await this.#writeRefusals([...others, { code, vendorCode, vendorMessage, count, until, duration, verifier }], waiters);
  }

  /** The credentials are good after all. */
  async forgetRefusal(secret: string, waiters: Waiters): Promise<void> {
    const known = await this.#readRefusals(waiters);
    if (known.length === 0) return;
    const others = await this.#refusalsOfOthers(secret, waiters);
    if (others.length < known.length) await this.#writeRefusals(others, waiters);
  }

  async #refusalsOfOthers(secret: string, waiters: Waiters): Promise<readonly RefusalEntry[]> {
    const others: RefusalEntry[] = [];
    for (const refusal of await this.#readRefusals(waiters)) {
      if (!(await verifies(secret, refusal.verifier, this.#refusalsKey))) others.push(refusal);
    }
    return others;
  }

  async #readRefusals(waiters: Waiters): Promise<readonly RefusalEntry[]> {
    const entry = await this.#store.get(this.#refusalsKey, waiters);
    const refusals = entry === undefined ? [] : parseRefusals(entry);
    if (refusals === undefined) this.#store.report('read', 'unreadable');
    return refusals ?? [];
  }

  async #writeRefusals(refusals: readonly RefusalEntry[], waiters: Waiters): Promise<void> {
    const kept = refusals.slice(-maxRefusals);
    const last = Math.max(this.#account.vendorClock.now(), ...kept.map((refusal) => refusal.until));
    const expiresAt = this.#account.vendorClock.toLocal(last + refusalMemory);
    await this.#store.set(this.#refusalsKey, formatRefusals(kept), waiters, { expiresAt });
  }
}
