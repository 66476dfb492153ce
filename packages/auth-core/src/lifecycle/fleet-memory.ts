import { randomUUID } from 'node:crypto';

import type { AuthError } from '../auth-error.ts';
import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { Account } from './account.ts';
import type { CoolDown } from './credential-refusals.ts';
import type { FreshToken } from './fresh-token.ts';
import { GuardedStore } from './guarded-store.ts';
import type { ProviderSettings } from './provider-options.ts';
import { createVerifier, verifies } from './secret-verifier.ts';
import {
  formatFailureEntry,
  formatRefusalsEntry,
  formatTokenEntry,
  parseFailureEntry,
  parseRefusalsEntry,
  parseTokenEntry,
  type StoredFailure,
  type StoredRefusal,
  type StoredToken,
} from './stored-entries.ts';
import type { VendorClock } from './vendor-clock.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** Refused credentials of one account that a fleet remembers: an old and a new wrong password may be about at once. */
const maxRefusals = 4;

/** A refusal is remembered this long after its cool-down, so that the next one of the same credentials doubles it. */
const refusalMemory = 3_600_000;

/** How long a failed login is told to those who waited for it; they look every second at least. */
const failureMemory = 60_000;

/** A token that was found in the store, and its entry as it stands there. */
export interface FoundToken {
  readonly token: FreshToken;
  readonly entry: string;
}

/** One need's repeated look into the store. */
export interface LookOut {
  seen?: string;
}

/** What the providers of one account tell each other through a store: the token, and which credentials were refused. */
export class FleetMemory {
  readonly #store: GuardedStore;
  readonly #tokenKey: string;
  readonly #refusalsKey: string;
  readonly #failureKey: string;
  readonly #vendorClock: VendorClock;

  constructor(store: TokenStore, account: Account, settings: ProviderSettings, vendorClock: VendorClock) {
    this.#store = new GuardedStore(store, account, settings);
    this.#tokenKey = `${account.storeKey}:token`;
    this.#refusalsKey = `${account.storeKey}:refused`;
    this.#failureKey = `${account.storeKey}:failed`;
    this.#vendorClock = vendorClock;
  }

  /**
   * The stored token, if it was stored by somebody who held the same secret and has not ended. An entry that this look-out has already seen is
   * not looked at again: telling whose secret it was costs milliseconds.
   */
  async findToken(secret: string, room: WaitingRoom, lookOut: LookOut): Promise<FoundToken | undefined> {
    const entry = await this.#store.get(this.#tokenKey, room);
    if (entry === undefined || entry === lookOut.seen) return undefined;
    lookOut.seen = entry;
    const stored = parseTokenEntry(entry);
    if (stored === undefined) this.#store.report('read', 'unreadable');
    if (stored === undefined || !(await verifies(secret, stored.verifier, this.#tokenKey))) return undefined;
    this.#vendorClock.reportAtLeast(stored.issuedAt);
    if (stored.expiresAt !== undefined && stored.expiresAt <= this.#vendorClock.now()) return undefined;
    return { token: withoutVerifier(stored), entry };
  }

  /** Removes a token that the vendor refused, if it is still the stored one. */
  forgetToken(found: FoundToken, room: WaitingRoom): Promise<void> {
    return this.#store.delete(this.#tokenKey, found.entry, room);
  }

  /** Stores a token. False: the lease was lost meanwhile, and what came after it stays. */
  async keepToken(token: FreshToken, secret: string, lease: Lease | undefined, room: WaitingRoom): Promise<boolean> {
    // A write that was given up on may still be carried out, over what came after it. Without a lease it is made only where the store just answered.
    if (lease === undefined && this.#store.locks) await this.#store.get(this.#tokenKey, room);
    if (this.#store.resting) return true;
    const entry = formatTokenEntry({ ...token, verifier: await createVerifier(secret, this.#tokenKey) });
    const expiresAt = token.expiresAt === undefined ? {} : { expiresAt: this.#vendorClock.toLocal(token.expiresAt) };
    const kept = await this.#store.set(this.#tokenKey, entry, room, { ...expiresAt, ...(lease === undefined ? {} : { lease }) });
    if (!kept) this.#store.report('set', 'lease lost');
    return kept;
  }

  /** Waits for the right to log in, or for the token that makes it needless. */
  lock<T>(room: WaitingRoom, look: () => Promise<T | undefined>): Promise<{ lease?: Lease; found?: T }> {
    return this.#store.canLock ? this.#store.lock(this.#tokenKey, room, look) : Promise.resolve({});
  }

  /** Asked right before each exchange. False: the lease was lost. */
  extend(lease: Lease, room: WaitingRoom): Promise<boolean> {
    return this.#store.extend(lease, room);
  }

  release(lease: Lease, room: WaitingRoom): Promise<void> {
    return this.#store.release(lease, room);
  }

  /** The last login of the account that failed, for a while. */
  async findFailure(room: WaitingRoom): Promise<StoredFailure | undefined> {
    const entry = await this.#store.get(this.#failureKey, room);
    return entry === undefined ? undefined : parseFailureEntry(entry);
  }

  /** Tells those who wait for this login that it failed, and the fleet of a pause that the vendor asked for. */
  async keepFailure(error: AuthError, final: boolean, room: WaitingRoom): Promise<void> {
    const { code, message, vendorCode, vendorMessage, status, attempts, retryable, retryAfter: pause = 0 } = error;
    const now = this.#vendorClock.now();
    const said = { code, message, vendorCode, vendorMessage, status, attempts, retryable };
    const failure = { ...said, final, pause, pauseUntil: now + pause, id: randomUUID() };
    const expiresAt = this.#vendorClock.toLocal(now + Math.max(pause, failureMemory));
    await this.#store.set(this.#failureKey, formatFailureEntry(failure), room, { expiresAt });
  }

  /** Milliseconds of a failure's pause that are left. */
  pauseLeft(failure: StoredFailure): number {
    return Math.max(0, Math.min((failure.pauseUntil ?? 0) - this.#vendorClock.now(), failure.pause ?? 0));
  }

  /** What the fleet knows of these credentials' refusal, its end on our monotonic clock. */
  async findRefusal(secret: string, monotonic: number, room: WaitingRoom): Promise<CoolDown | undefined> {
    for (const refusal of await this.#readRefusals(room)) {
      if (!(await verifies(secret, refusal.verifier, this.#refusalsKey))) continue;
      const { code, vendorCode, vendorMessage, count, until, duration } = refusal;
      const left = Math.min(until - this.#vendorClock.now(), duration);
      return { code, vendorCode, vendorMessage, count, until: monotonic + left };
    }
    return undefined;
  }

  /** Tells the fleet of a refusal, in place of what it knew of the same credentials. */
  async keepRefusal(secret: string, coolDown: CoolDown, duration: number, room: WaitingRoom): Promise<void> {
    if (this.#store.resting) return;
    const others = await this.#refusalsOfOthers(secret, room);
    const { code, vendorCode, vendorMessage, count } = coolDown;
    const until = this.#vendorClock.now() + duration;
    const verifier = await createVerifier(secret, this.#refusalsKey);
    await this.#writeRefusals([...others, { code, vendorCode, vendorMessage, count, until, duration, verifier }], room);
  }

  /** The credentials are good after all. */
  async forgetRefusal(secret: string, room: WaitingRoom): Promise<void> {
    const known = await this.#readRefusals(room);
    if (known.length === 0) return;
    const others = await this.#refusalsOfOthers(secret, room);
    if (others.length < known.length) await this.#writeRefusals(others, room);
  }

  async #refusalsOfOthers(secret: string, room: WaitingRoom): Promise<readonly StoredRefusal[]> {
    const others: StoredRefusal[] = [];
    for (const refusal of await this.#readRefusals(room)) {
      if (!(await verifies(secret, refusal.verifier, this.#refusalsKey))) others.push(refusal);
    }
    return others;
  }

  async #readRefusals(room: WaitingRoom): Promise<readonly StoredRefusal[]> {
    const entry = await this.#store.get(this.#refusalsKey, room);
    const refusals = entry === undefined ? [] : parseRefusalsEntry(entry);
    if (refusals === undefined) this.#store.report('read', 'unreadable');
    return refusals ?? [];
  }

  async #writeRefusals(refusals: readonly StoredRefusal[], room: WaitingRoom): Promise<void> {
    const kept = refusals.slice(-maxRefusals);
    const last = Math.max(this.#vendorClock.now(), ...kept.map((refusal) => refusal.until));
    const expiresAt = this.#vendorClock.toLocal(last + refusalMemory);
    await this.#store.set(this.#refusalsKey, formatRefusalsEntry(kept), room, { expiresAt });
  }
}

function withoutVerifier(stored: StoredToken): FreshToken {
  return { value: stored.value, scheme: stored.scheme, issuedAt: stored.issuedAt, expiresAt: stored.expiresAt };
}
