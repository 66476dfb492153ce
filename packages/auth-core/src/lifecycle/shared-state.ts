import type { AuthError } from '../auth-error.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { ignoresPauses, type Lease, type PauseView, type TokenStore } from '../stores/token-store.ts';
import { type Account, randomKey, tagOf } from './account.ts';
import type { Pause, Refusal } from './cooldown.ts';
import { GuardedStore, unread } from './guarded-store.ts';
import {
  deriveEntryKey,
  entryFormat,
  type EntryKey,
  type FailureEntry,
  formatFailure,
  isSealed,
  longestPause,
  parseFailure,
  parseRefusal,
  parseRefusals,
  parseToken,
  processEntryKey,
  type RefusalsEntry,
  seal,
  unseal,
} from './store-entries.ts';
import type { VendorToken } from './token.ts';
import type { Waiters } from './waiters.ts';

/** Refused credentials of one account that a fleet remembers: an old and a new wrong password may be in use at once. */
const maxRefused = 4;

/** A refusal is remembered this long after its cooldown, so that the next one of the same credentials doubles it. */
const refusalMemory = 3_600_000;

/** How long a failed login is remembered beyond its pause: by those who waited for it, who look every half a second at least, and so that the next pause grows. */
const failureMemory = 60_000;

/** In place of a key that cannot be had. */
const noKey = Symbol('noKey');

/** What a fleet knows of refusals, of these credentials and of the account. */
export interface KnownRefusals {
  readonly refusal?: Refusal;
  /** How many refusals of whatever passwords came within an hour since the last success. */
  readonly count: number;
  /** How many milliseconds ago the last one was; infinite where pauses are ignored. */
  readonly since: number;
  /** False where the store could not be read: there may be refusals all the same. */
  readonly isRead: boolean;
}

/** What the providers of one account tell each other through a store: the token, which credentials were refused, and the last login that failed. */
export class SharedState {
  readonly #rawStore: TokenStore & PauseView;
  readonly #store: GuardedStore;
  readonly #account: Account;
  /** The last entry that could not be read. */
  #unreadable: string | undefined;
  /** The derived key for the last password, by a tag that does not tell it. */
  #key: { readonly tagKey: string; readonly tag: string; readonly key: Promise<EntryKey> } | undefined;

  constructor(store: TokenStore, account: Account) {
    this.#rawStore = store;
    this.#store = new GuardedStore(store, account);
    this.#account = account;
  }

  /**
   * The stored token, if it was stored by somebody who held the same secret and has not ended (an end that is only assumed may be past); and its entry
   * as it stands there.
   */
  async findToken(secret: string | undefined, waiters: Waiters): Promise<{ entry?: string; token?: VendorToken }> {
    const entry = await this.#store.get(this.#tokenKey, waiters);
    if (entry === undefined || entry === unread) return {};
    const token = await this.#open(entry, this.#tokenKey, secret, waiters, parseToken);
    if (token === undefined) return { entry };
    this.#account.vendorClock.reportAtLeast(token.issuedAt);
    const isOver = token.assumedEnd !== true && token.expiresAt !== undefined && token.expiresAt <= this.#account.vendorClock.now();
    return isOver ? { entry } : { entry, token };
  }

  /** Removes a token that the vendor rejected, if its entry is still the stored one. */
  forgetToken(entry: string, waiters: Waiters): Promise<void> {
    return this.#store.delete(this.#tokenKey, entry, waiters);
  }

  /** Stores a token. False: the lease was lost meanwhile, and what came after it stays. */
  async keepToken(token: VendorToken, secret: string | undefined, lease: Lease | undefined, waiters: Waiters): Promise<boolean> {
    // A write that timed out may still be carried out, over what came after it. Without a lease it is made only where the store just answered.
    if (lease === undefined && this.#store.hasLeases) await this.#store.get(this.#tokenKey, waiters);
    const entry = this.#store.resting ? undefined : await this.#seal(JSON.stringify(token), this.#tokenKey, secret, waiters);
    if (entry === undefined) return true;
    const end = token.assumedEnd === true ? undefined : token.expiresAt;
    const expiresAt = end === undefined ? {} : { expiresAt: this.#account.vendorClock.toLocal(end) };
    const kept = await this.#store.set(this.#tokenKey, entry, waiters, { ...expiresAt, ...(lease === undefined ? {} : { lease }) });
    if (!kept) this.#store.report('set', 'lease lost', waiters);
    return kept;
  }

  /** Waits for the right to log in, or for the token that makes it needless. */
  async lock<T>(secret: string | undefined, waiters: Waiters, look: () => Promise<T | undefined>): Promise<{ lease?: Lease; found?: T }> {
    if (!this.#store.canLock) return {};
    // Whatever comes of it is opened or sealed with the key: that is derived while the vendor, or who holds the lease, takes its time.
    void this.#keyOf(secret, waiters);
    return this.#store.lock(this.#tokenKey, waiters, look);
  }

  /** Asked right before each exchange. False: the lease was lost. */
  extend(lease: Lease, waiters: Waiters): Promise<boolean> {
    return this.#store.extend(lease, waiters);
  }

  release(lease: Lease, waiters: Waiters): Promise<void> {
    return this.#store.release(lease, waiters);
  }

  /** The last login of the account with this password that failed, for a while; `unread` where the store could not be read. */
  async findFailure(secret: string | undefined, waiters: Waiters): Promise<FailureEntry | undefined | typeof unread> {
    const entry = await this.#store.get(this.#failureKey, waiters);
    return typeof entry === 'string' ? this.#open(entry, this.#failureKey, secret, waiters, parseFailure) : entry;
  }

  /**
   * Tells those who wait for this login that it failed (`final`), and the fleet of the pause that follows, in milliseconds. A longer pause that the fleet
   * keeps to already stays.
   */
  async keepFailure(error: AuthError, about: FailureAbout, secret: string | undefined, waiters: Waiters): Promise<void> {
    const { code, message, vendorCode, vendorMessage, vendorStatus, attempts, retryable } = error;
    const now = this.#account.vendorClock.now();
    const failure = { code, message, vendorCode, vendorMessage, vendorStatus, attempts, retryable };
    const json = formatFailure({ ...failure, ...about, pauseUntil: now + about.pause, id: nodeCrypto.randomUUID() });
    const entry = json === undefined ? undefined : await this.#seal(json, this.#failureKey, secret, waiters);
    if (entry === undefined) return;
    const earlier = await this.findFailure(secret, waiters);
    if (earlier !== undefined && earlier !== unread && this.#pauseOf(earlier) > about.pause) return;
    const expiresAt = this.#account.vendorClock.toLocal(now + about.pause + failureMemory);
    await this.#store.set(this.#failureKey, entry, waiters, { expiresAt });
  }

  /** A login worked: the next failure begins to count anew. */
  forgetFailure(waiters: Waiters): Promise<void> {
    return this.#store.delete(this.#failureKey, undefined, waiters);
  }

  /** Milliseconds of a failure's pause that have to be waited for. */
  pauseLeft(failure: FailureEntry): number {
    return this.#ignoresPauses ? 0 : this.#pauseOf(failure);
  }

  #pauseOf({ pause, pauseUntil }: FailureEntry): number {
    return Math.max(0, Math.min(pauseUntil - this.#account.vendorClock.now(), pause, longestPause));
  }

  /** The longest pause that the fleet knows of for these credentials, and how many refusals it counts. */
  async findPause(secret: string | undefined, waiters: Waiters): Promise<{ pause?: Pause; refusals: number; since: number }> {
    const { refusal, count, since } = await this.findRefusals(secret, 0, waiters);
    const failure = await this.findFailure(secret, waiters);
    const refused = refusal && { reason: refusal.code, left: refusal.until };
    const failed = failure === undefined || failure === unread ? undefined : { reason: failure.code, left: this.pauseLeft(failure) };
    const pause = (failed?.left ?? 0) > (refused?.left ?? 0) ? failed : refused;
    return { ...(pause === undefined ? {} : { pause }), refusals: count, since };
  }

  /** Removes all that is stored for the account. */
  async forgetAll(waiters: Waiters): Promise<void> {
    for (const key of [this.#tokenKey, this.#refusalsKey, this.#failureKey]) await this.#store.remove(key, waiters);
  }

  /** What the fleet knows of refusals. The end of this password's cooldown is on our monotonic clock, whose reading now is `monotonic`. */
  async findRefusals(secret: string | undefined, monotonic: number, waiters: Waiters): Promise<KnownRefusals> {
    const known = await this.#readRefusals(waiters);
    if (known === unread) return { count: 0, since: Number.POSITIVE_INFINITY, isRead: false };
    const now = this.#account.vendorClock.now();
    const since = Math.max(0, now - known.last);
    const account = {
      count: countOf(known, now),
      since: this.#ignoresPauses ? Number.POSITIVE_INFINITY : since,
      isRead: true,
    };
    const longest = this.#ignoresPauses ? 0 : Math.max(longestPause, this.#account.settings.cooldown);
    for (const sealed of known.refused) {
      const refusal = await this.#open(sealed, this.#refusalsKey, secret, waiters, parseRefusal);
      if (refusal === undefined) continue;
      const { code, vendorCode, vendorMessage, count, until, duration } = refusal;
      return {
        ...account,
        refusal: { code, vendorCode, vendorMessage, count, until: monotonic + Math.min(until - now, duration, longest) },
      };
    }
    return account;
  }

  /**
   * Tells the fleet of a refusal, in place of what it knew of the same credentials; `count` is how many the account had within an hour, this one included.
   * Where the store cannot be read, what the fleet knows stays.
   */
  async keepRefusal(
    { code, vendorCode, vendorMessage, count: own }: Refusal,
    { duration, count }: { duration: number; count: number },
    secret: string | undefined,
    waiters: Waiters,
  ): Promise<void> {
    const now = this.#account.vendorClock.now();
    const json = JSON.stringify({ code, vendorCode, vendorMessage, count: own, until: now + duration, duration });
    const sealed = await this.#seal(json, this.#refusalsKey, secret, waiters);
    const known = sealed === undefined ? unread : await this.#readRefusals(waiters);
    if (sealed === undefined || known === unread) return;
    const refused = [...(await this.#refusedOthers(known, secret, waiters)), sealed].slice(-maxRefused);
    await this.#writeRefusals({ refused, count: Math.max(count, countOf(known, now) + 1), last: now }, duration, waiters);
  }

  /** The credentials are good after all: refusals are counted anew, and what is known of other passwords stays. */
  async forgetRefusal(secret: string | undefined, waiters: Waiters): Promise<void> {
    const known = await this.#readRefusals(waiters);
    if (known === unread || (known.count === 0 && known.refused.length === 0)) return;
    const refused = await this.#refusedOthers(known, secret, waiters);
    await this.#writeRefusals({ refused, count: 0, last: known.last }, longestPause, waiters);
  }

  async #refusedOthers({ refused }: RefusalsEntry, secret: string | undefined, waiters: Waiters): Promise<string[]> {
    const others: string[] = [];
    for (const sealed of refused) {
      if ((await this.#open(sealed, this.#refusalsKey, secret, waiters, parseRefusal)) === undefined) others.push(sealed);
    }
    return others;
  }

  async #readRefusals(waiters: Waiters): Promise<RefusalsEntry | typeof unread> {
    const entry = await this.#store.get(this.#refusalsKey, waiters);
    if (entry === unread) return unread;
    const refusals = entry === undefined ? undefined : parseRefusals(entry);
    if (entry !== undefined && refusals === undefined) this.#reportUnreadable(entry, waiters);
    return refusals ?? { refused: [], count: 0, last: 0 };
  }

  async #writeRefusals(refusals: RefusalsEntry, duration: number, waiters: Waiters): Promise<void> {
    const expiresAt = this.#account.vendorClock.toLocal(this.#account.vendorClock.now() + duration + refusalMemory);
    await this.#store.set(this.#refusalsKey, JSON.stringify(refusals), waiters, { expiresAt });
  }

  /** What an entry holds, if it was written with the same secret for this place. */
  async #open<Content>(
    entry: string,
    storeKey: string,
    secret: string | undefined,
    waiters: Waiters,
    parse: (json: string) => Content | undefined,
  ): Promise<Content | undefined> {
    const key = await this.#keyOf(secret, waiters);
    if (key === noKey) return undefined;
    const json = unseal(entry, storeKey, key);
    const content = json === undefined ? undefined : parse(json);
    // One that was written with another password is readable: to somebody else.
    if (content === undefined && (json !== undefined || !isSealed(entry))) this.#reportUnreadable(entry, waiters);
    return content;
  }

  /** Once an entry, however often it is looked at. */
  #reportUnreadable(entry: string, waiters: Waiters): void {
    if (entry !== this.#unreadable) this.#store.report('read', 'unreadable', waiters);
    this.#unreadable = entry;
  }

  async #seal(json: string, storeKey: string, secret: string | undefined, waiters: Waiters): Promise<string | undefined> {
    const key = await this.#keyOf(secret, waiters);
    return key === noKey ? undefined : seal(json, storeKey, key);
  }

  /** A store can only help: where no key can be had, it counts as empty. */
  async #keyOf(secret: string | undefined, waiters: Waiters): Promise<EntryKey | undefined | typeof noKey> {
    if (secret === undefined) return undefined;
    try {
      return processEntryKey(secret, this.#account.storeKey, this.#rawStore) ?? (await this.#derivedKeyOf(secret));
    } catch (error) {
      this.#key = undefined;
      this.#store.report('read', 'failed', waiters, error);
      return noKey;
    }
  }

  /** Derived once a password. */
  #derivedKeyOf(secret: string): Promise<EntryKey> {
    const tagKey = this.#key?.tagKey ?? randomKey();
    const tag = tagOf(secret, tagKey);
    if (this.#key?.tag !== tag) this.#key = { tagKey, tag, key: deriveEntryKey(secret, this.#account.storeKey) };
    return this.#key.key;
  }

  get #ignoresPauses(): boolean {
    return this.#rawStore[ignoresPauses] === true;
  }

  // Made anew each time: thousands of providers that are not used would keep three texts each.
  get #tokenKey(): string {
    return `${this.#account.storeKey}:token:${entryFormat}`;
  }

  get #refusalsKey(): string {
    return `${this.#account.storeKey}:refused:${entryFormat}`;
  }

  get #failureKey(): string {
    return `${this.#account.storeKey}:failed:${entryFormat}`;
  }
}

/** How many refusals count: those of which the last one came within an hour. */
function countOf({ count, last }: RefusalsEntry, now: number): number {
  return now - last < refusalMemory ? count : 0;
}

/** What a failure means for others. */
export interface FailureAbout {
  /** It stands for all who wait. */
  readonly final: boolean;
  /** No login is made for so many milliseconds. */
  readonly pause: number;
  /** How many logins in a row failed for good. */
  readonly failures: number;
}
