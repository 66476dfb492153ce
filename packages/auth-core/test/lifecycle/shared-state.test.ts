import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { AuthError, channels, type Lease, memoryStore, type TokenStore } from '@x/auth-core';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createAccount } from '../../src/lifecycle/account.ts';
import type { Refusal } from '../../src/lifecycle/cooldown.ts';
import { resolveOptions } from '../../src/lifecycle/options.ts';
import { SharedState } from '../../src/lifecycle/shared-state.ts';
import { parseRefusals, seal } from '../../src/lifecycle/store-entries.ts';
import type { VendorToken } from '../../src/lifecycle/token.ts';
import { Waiters } from '../../src/lifecycle/waiters.ts';
import { processKey } from '../../src/stores/token-store.ts';
import { stubVendor } from './stub-vendor.ts';

const start = Date.UTC(2026, 10, 25);
const minute = 60_000;
const hour = 60 * minute;

/** The troubles with a store that are published until the end of the test. */
function troubles(): string[] {
  const heard: string[] = [];
  const listen = (message: unknown): void => {
    const { operation, why } = message as { operation: string; why: string };
    heard.push(`${operation} ${why}`);
  };
  subscribe(channels.storeTrouble, listen);
  onTestFinished(() => void unsubscribe(channels.storeTrouble, listen));
  return heard;
}

/** Two processes of one account over one store, which tells what it was asked to do. */
function setUp({ cooldown = 30_000, change = (store: TokenStore): TokenStore => store } = {}) {
  const time = { wall: start, monotonic: 0 };
  const memory = memoryStore();
  const asked: string[] = [];
  const expiries: (number | undefined)[] = [];
  const given: unknown[] = [];
  const name = (key: string): string => key.split(':').at(-2) ?? '';
  const store = change({
    ...memory,
    get: (key) => (asked.push(`get ${name(key)}`), memory.get(key)),
    set: (key, value, options) => {
      asked.push(`set ${name(key)}${options?.lease === undefined ? '' : ' under a lease'}`);
      expiries.push(options?.expiresAt);
      given.push(options);
      // A store may keep a value longer than it has to.
      return memory.set(key, value);
    },
    delete: (key, expected) => (asked.push(`delete ${name(key)}`), memory.delete(key, expected)),
  });
  const clock = { now: () => time.wall, monotonic: () => time.monotonic };
  const { protocol } = stubVendor(clock);
  const settings = resolveOptions({ clock, store, cooldown, storeTimeout: 10_000 }, 'stub');
  const create = () => {
    const account = createAccount(protocol, { baseUrl: 'https://api.example.com', origins: ['https://api.example.com'] }, settings);
    return { account, state: new SharedState(store, account) };
  };
  const waiters = new Waiters('login', () => []);
  waiters.join();
  const pass = (duration: number): void => {
    time.wall += duration;
    time.monotonic += duration;
  };
  return { time, pass, asked, expiries, given, store, memory, create, waiters, ...create(), other: create().state };
}

const token = (more: Partial<VendorToken> = {}): VendorToken => ({ value: 't', issuedAt: start, ...more });
const lease: Lease = { id: 'a', extend: async () => true, release: async () => undefined };
const refusal: Refusal = { code: 'INVALID_CREDENTIALS', vendorCode: '10', vendorMessage: 'no', count: 2, until: 0 };
const failed = new AuthError({
  code: 'VENDOR_ERROR',
  provider: 'stub',
  message: 'stub: no',
  vendorCode: '99',
  vendorMessage: 'non',
  vendorStatus: 500,
  attempts: 3,
  retryable: true,
});

describe('a token in the store', () => {
  it('is found with its entry by whoever holds the same password, until its end', async () => {
    const { state, other, waiters, pass, expiries } = setUp();
    const kept = token({ expiresAt: start + hour, scheme: 's', extra: { a: 'b' } });
    expect(await state.findToken('password', waiters)).toEqual({});
    expect(await state.keepToken(kept, 'password', undefined, waiters)).toBe(true);
    expect(await other.findToken('password', waiters)).toEqual({ entry: expect.any(String), token: kept });
    expect(await other.findToken('another', waiters)).toEqual({ entry: expect.any(String) });
    expect(expiries).toEqual([start + hour]);
    pass(hour - 1);
    expect(await other.findToken('password', waiters)).toHaveProperty('token');
  });

  it('is over at its end, also where the store still has it', async () => {
    const { time, state, waiters, account } = setUp();
    await state.keepToken(token({ expiresAt: start + hour }), 'password', undefined, waiters);
    account.vendorClock.reportAtLeast(start + hour);
    expect(time.wall).toBe(start);
    expect(await state.findToken('password', waiters)).toEqual({ entry: expect.any(String) });
  });

  it('has no end in the store where the vendor told none, and is found past the end that was only assumed', async () => {
    const { state, other, waiters, expiries, pass } = setUp();
    await state.keepToken(token(), 'password', undefined, waiters);
    expect(await other.findToken('password', waiters)).toHaveProperty('token');
    const assumed = token({ expiresAt: start + hour, assumedEnd: true });
    await state.keepToken(assumed, 'password', undefined, waiters);
    pass(2 * hour);
    expect(await other.findToken('password', waiters)).toEqual({ entry: expect.any(String), token: assumed });
    expect(expiries).toEqual([undefined, undefined]);
  });

  it('tells what time it is at least, and ends on the local clock', async () => {
    const { state, create, waiters, expiries } = setUp();
    await state.keepToken(token({ issuedAt: start + hour }), 'password', undefined, waiters);
    const { account, state: other } = create();
    await other.findToken('password', waiters);
    expect(account.vendorClock.now()).toBe(start + hour);
    await other.keepToken(token({ expiresAt: start + 2 * hour }), 'password', undefined, waiters);
    expect(expiries).toEqual([undefined, start + hour]);
  });

  it('is removed only as the entry that was seen', async () => {
    const { state, waiters } = setUp();
    await state.keepToken(token(), 'password', undefined, waiters);
    const { entry = '' } = await state.findToken('password', waiters);
    await state.keepToken(token({ value: 'new' }), 'password', undefined, waiters);
    await state.forgetToken(entry, waiters);
    expect(await state.findToken('password', waiters)).toMatchObject({ token: { value: 'new' } });
    await state.forgetToken((await state.findToken('password', waiters)).entry ?? '', waiters);
    expect(await state.findToken('password', waiters)).toEqual({});
  });

  it('is written at once under a lease, and without one only where the store just answered', async () => {
    const { state, waiters, asked, given } = setUp();
    await state.keepToken(token(), 'password', lease, waiters);
    expect(asked).toEqual(['set token under a lease']);
    await state.keepToken(token(), 'password', undefined, waiters);
    expect(asked.slice(1)).toEqual(['get token', 'set token']);
    expect(given).toStrictEqual([{ lease }, {}]);
  });

  it('is written at once to a store without leases', async () => {
    const { state, waiters, asked } = setUp({ change: ({ get, set, delete: remove }) => ({ get, set, delete: remove }) });
    await state.keepToken(token(), 'password', undefined, waiters);
    expect(asked).toEqual(['set token']);
    expect(await state.lock('password', waiters, async () => 'found')).toEqual({});
  });

  it('was not written where the lease was lost, and the operator hears of it', async () => {
    const heard = troubles();
    const { state, waiters } = setUp({ change: (store) => ({ ...store, set: async () => false }) });
    expect(await state.keepToken(token(), 'password', lease, waiters)).toBe(false);
    expect(heard).toEqual(['set lease lost']);
  });

  it('is bound to no password where there is none', async () => {
    const { state, other, waiters } = setUp();
    await state.keepToken(token(), undefined, undefined, waiters);
    expect(await other.findToken(undefined, waiters)).toMatchObject({ token: { value: 't' } });
  });
});

/** The store of a process whose keys are made by this. */
const withKey =
  (makeKey: () => Buffer) =>
  (store: TokenStore): TokenStore =>
    Object.defineProperty(store, processKey, { get: makeKey });

describe('the key of a password', () => {
  it('is made before the lease is there, so that nobody waits for it behind the login', async () => {
    const order: string[] = [];
    const makeKey = (): Buffer => (order.push('key'), Buffer.from('key'));
    const tryLock = async (): Promise<Lease> => (order.push('lease'), lease);
    const { state, waiters } = setUp({ change: (store) => withKey(makeKey)({ ...store, tryLock }) });
    const { lease: held } = await state.lock('password', waiters, async () => undefined);
    expect(order).toEqual(['key', 'lease']);
    if (held !== undefined) await state.release(held, waiters);
  });
});

describe('a password for which no key can be made', () => {
  const fail = (): never => {
    throw new Error('no such algorithm');
  };

  it('writes nothing: no token, no failure and no refusal', async () => {
    const heard = troubles();
    const { state, waiters, asked } = setUp({ change: withKey(fail) });
    expect(await state.keepToken(token(), 'password', lease, waiters)).toBe(true);
    await state.keepFailure(failed, { final: true, pause: 1_000, failures: 1 }, 'password', waiters);
    await state.keepRefusal(refusal, { duration: 30_000, count: 1 }, 'password', waiters);
    expect(asked).toEqual([]);
    expect(heard).toEqual(['read failed', 'read failed', 'read failed']);
  });

  it('finds nothing, also where an entry is bound to no password', async () => {
    const heard = troubles();
    const { state, memory, account, waiters } = setUp({ change: withKey(fail) });
    const entry = seal(JSON.stringify(token()), `${account.storeKey}:token:2`, undefined);
    await memory.set(`${account.storeKey}:token:2`, entry);
    expect(await state.findToken('password', waiters)).toEqual({ entry });
    expect(heard).toEqual(['read failed']);
  });

  it('is asked for anew the next time, and then its entries are read', async () => {
    let fails = true;
    const makeKey = (): Buffer => (fails ? fail() : Buffer.from('key'));
    const { state, waiters } = setUp({ change: withKey(makeKey) });
    await state.keepToken(token(), 'password', lease, waiters);
    fails = false;
    await state.keepToken(token(), 'password', lease, waiters);
    expect(await state.findToken('password', waiters)).toHaveProperty('token');
  });
});

describe('what cannot be read', () => {
  it('is told once for each entry, and not of what others wrote with their password', async () => {
    const heard = troubles();
    const { state, store, memory, account, waiters } = setUp();
    await state.keepToken(token(), 'another', undefined, waiters);
    await state.findToken('password', waiters);
    expect(heard).toEqual([]);
    for (const entry of ['garbage', 'garbage', '.{}', 'other garbage']) {
      await memory.set(`${account.storeKey}:token:2`, entry);
      expect(await state.findToken('password', waiters)).toEqual({ entry });
    }
    expect(heard).toEqual(['read unreadable', 'read unreadable']);
    await store.set(`${account.storeKey}:refused:2`, '{"refused":1}');
    expect(await state.findRefusals('password', 0, waiters)).toEqual({ count: 0, since: start, isRead: true });
    await state.findRefusals('password', 0, waiters);
    expect(heard).toHaveLength(3);
    await memory.delete(`${account.storeKey}:refused:2`);
    await state.findRefusals('password', 0, waiters);
    expect(heard).toHaveLength(3);
    await store.set(`${account.storeKey}:failed:2`, '.{"code":"NETWORK"}');
    expect(await state.findFailure(undefined, waiters)).toBeUndefined();
    expect(heard).toHaveLength(4);
  });
});

it('what can be read is no trouble', async () => {
  const heard = troubles();
  const { state, waiters } = setUp();
  await state.keepToken(token(), 'password', lease, waiters);
  await state.keepRefusal(refusal, { duration: 30_000, count: 1 }, 'password', waiters);
  await state.keepFailure(failed, { final: true, pause: 1_000, failures: 1 }, 'password', waiters);
  await state.findToken('password', waiters);
  await state.findPause('password', waiters);
  await state.findPause('another', waiters);
  expect(heard).toEqual([]);
});

describe('a failure in the store', () => {
  it('has all that its login told, and lasts a minute longer than its pause', async () => {
    const { state, other, waiters, expiries } = setUp();
    expect(await state.findFailure('password', waiters)).toBeUndefined();
    await state.keepFailure(failed, { final: true, pause: 5_000, failures: 2 }, 'password', waiters);
    const found = await other.findFailure('password', waiters);
    const { code, message, vendorCode, vendorMessage, vendorStatus, attempts, retryable } = failed;
    const told = { code, message, vendorCode, vendorMessage, vendorStatus, attempts, retryable };
    expect(found).toEqual({ ...told, final: true, pause: 5_000, failures: 2, pauseUntil: start + 5_000, id: expect.any(String) });
    expect(await other.findFailure('another', waiters)).toBeUndefined();
    expect(expiries).toEqual([start + 65_000]);
  });

  it('differs from every other one, and is forgotten with a success', async () => {
    const { state, waiters } = setUp();
    const ids = [];
    for (let time = 0; time < 2; time += 1) {
      await state.keepFailure(failed, { final: false, pause: 0, failures: 0 }, 'password', waiters);
      ids.push(await state.findFailure('password', waiters));
    }
    expect(ids).toEqual([expect.objectContaining({ final: false }), expect.objectContaining({ final: false })]);
    expect(ids[0]).not.toEqual(ids[1]);
    await state.forgetFailure(waiters);
    expect(await state.findFailure('password', waiters)).toBeUndefined();
  });

  it.each([
    { pause: 5_000, until: 5_000, left: 5_000 },
    { pause: 5_000, until: 3_000, left: 3_000 },
    { pause: 5_000, until: 9_000, left: 5_000 },
    { pause: 5_000, until: -1, left: 0 },
    { pause: 1e300, until: 1e300, left: hour },
  ])('pauses for what is left, and never longer than at first or than an hour: $left', async ({ pause, until, left }) => {
    const { state } = setUp();
    const entry = { code: 'NETWORK', message: '', retryable: true, final: true, failures: 0, id: '' } as const;
    expect(state.pauseLeft({ ...entry, pause, pauseUntil: start + until })).toBe(left);
  });
});

describe('refusals in the store', () => {
  it('are found by who holds the same password, with the end on the own clock', async () => {
    const { state, other, waiters, pass, expiries } = setUp();
    expect(await state.findRefusals('wrong', 700, waiters)).toEqual({ count: 0, since: start, isRead: true });
    await state.keepRefusal(refusal, { duration: 30_000, count: 3 }, 'wrong', waiters);
    pass(10_000);
    const { code, vendorCode, vendorMessage, count } = refusal;
    const known = { code, vendorCode, vendorMessage, count, until: 700 + 20_000 };
    expect(await other.findRefusals('wrong', 700, waiters)).toEqual({ count: 3, since: 10_000, isRead: true, refusal: known });
    expect(await other.findRefusals('right', 700, waiters)).toEqual({ count: 3, since: 10_000, isRead: true });
    expect(expiries).toEqual([start + 30_000 + hour]);
  });

  it('are counted for an hour since the last one', async () => {
    const { state, other, waiters, pass } = setUp();
    await state.keepRefusal(refusal, { duration: 30_000, count: 3 }, 'wrong', waiters);
    pass(hour - 1);
    expect(await other.findRefusals('right', 0, waiters)).toEqual({ count: 3, since: hour - 1, isRead: true });
    pass(1);
    expect(await other.findRefusals('right', 0, waiters)).toEqual({ count: 0, since: hour, isRead: true });
  });

  it('came not in the future, and last no longer than at first, than an hour or than the option says', async () => {
    for (const [cooldown, duration, until] of [
      [30_000, 20_000, 20_000],
      [30_000, 2 * hour, hour],
      [3 * hour, 2 * hour, 2 * hour],
    ] as const) {
      const { state, waiters, time } = setUp({ cooldown });
      await state.keepRefusal(refusal, { duration, count: 1 }, 'wrong', waiters);
      expect(await state.findRefusals('wrong', 0, waiters)).toMatchObject({ refusal: { until } });
      time.wall -= minute;
      time.monotonic = -minute;
      expect((await state.findRefusals('wrong', 0, waiters)).since).toBe(0);
      expect(await state.findRefusals('wrong', 0, waiters)).toMatchObject({ refusal: { until } });
    }
  });

  it('of four passwords are remembered, each one once and the last four of them', async () => {
    const { state, other, waiters, memory, account } = setUp();
    const isKnown = async (password: string): Promise<boolean> => (await other.findRefusals(password, 0, waiters)).refusal !== undefined;
    for (const password of ['one', 'two', 'three', 'four', 'two', 'five']) {
      await state.keepRefusal(refusal, { duration: 30_000, count: 1 }, password, waiters);
    }
    const known = [];
    for (const password of ['one', 'two', 'three', 'four', 'five']) if (await isKnown(password)) known.push(password);
    expect(known).toEqual(['two', 'three', 'four', 'five']);
    for (const password of ['two', 'three', 'four']) await state.forgetRefusal(password, waiters);
    const stored = parseRefusals((await memory.get(`${account.storeKey}:refused:2`)) ?? '');
    expect(stored?.refused).toHaveLength(1);
  });

  it('of a password that is good after all are forgotten, are counted anew, and others stay', async () => {
    const { state, other, waiters, expiries } = setUp();
    await state.keepRefusal(refusal, { duration: 30_000, count: 1 }, 'wrong', waiters);
    await state.keepRefusal(refusal, { duration: 30_000, count: 2 }, 'right', waiters);
    await state.forgetRefusal('right', waiters);
    expect(await other.findRefusals('right', 0, waiters)).toEqual({ count: 0, since: 0, isRead: true });
    expect(await other.findRefusals('wrong', 0, waiters)).toMatchObject({ count: 0, refusal: { count: 2 } });
    expect(expiries.at(-1)).toBe(start + 2 * hour);
  });
});

describe('what the fleet knows of an account', () => {
  it.each([
    { what: 'nothing', refused: 0, failure: 0, pause: undefined },
    { what: 'a refusal', refused: 30_000, failure: 0, pause: { reason: 'INVALID_CREDENTIALS', left: 30_000 } },
    { what: 'a failure', refused: 0, failure: 20_000, pause: { reason: 'VENDOR_ERROR', left: 20_000 } },
    { what: 'a longer refusal', refused: 30_000, failure: 20_000, pause: { reason: 'INVALID_CREDENTIALS', left: 30_000 } },
    { what: 'a longer failure', refused: 30_000, failure: 40_000, pause: { reason: 'VENDOR_ERROR', left: 40_000 } },
    { what: 'two as long as each other', refused: 30_000, failure: 30_000, pause: { reason: 'INVALID_CREDENTIALS', left: 30_000 } },
  ])('is the longest pause, and the refusals: $what', async ({ refused, failure, pause }) => {
    const { state, other, waiters } = setUp();
    if (refused > 0) await state.keepRefusal(refusal, { duration: refused, count: 2 }, 'password', waiters);
    if (failure > 0) await state.keepFailure(failed, { final: true, pause: failure, failures: 1 }, 'password', waiters);
    const counted = refused > 0 ? { refusals: 2, since: 0 } : { refusals: 0, since: start };
    expect(await other.findPause('password', waiters)).toStrictEqual({ ...counted, ...(pause === undefined ? {} : { pause }) });
  });

  it('is forgotten as a whole', async () => {
    const { state, other, waiters, asked } = setUp();
    await state.keepToken(token(), 'password', undefined, waiters);
    await state.keepRefusal(refusal, { duration: 30_000, count: 1 }, 'password', waiters);
    await state.keepFailure(failed, { final: true, pause: 1_000, failures: 1 }, 'password', waiters);
    asked.length = 0;
    await state.forgetAll(waiters);
    expect(asked).toEqual(['delete token', 'delete refused', 'delete failed']);
    expect(await other.findToken('password', waiters)).toEqual({});
    expect(await other.findPause('password', waiters)).toEqual({ refusals: 0, since: start });
  });
});
