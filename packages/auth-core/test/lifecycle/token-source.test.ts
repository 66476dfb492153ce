import {
  AuthError,
  type Lease,
  type LoginCause,
  memoryStore,
  type TokenProviderOptions,
  type TokenStatus,
  type TokenStore,
} from '@x/auth-core';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createAccessToken } from '../../src/access-token.ts';
import { createAccount } from '../../src/lifecycle/account.ts';
import { Login } from '../../src/lifecycle/login.ts';
import { resolveOptions } from '../../src/lifecycle/options.ts';
import { Rejections } from '../../src/lifecycle/rejections.ts';
import { SharedState } from '../../src/lifecycle/shared-state.ts';
import { toCurrentToken, type VendorToken } from '../../src/lifecycle/token.ts';
import { TokenSource } from '../../src/lifecycle/token-source.ts';
import { Waiters } from '../../src/lifecycle/waiters.ts';
import { heardOn } from './heard-on.ts';
import { fails, stubVendor, type StubVendorOptions } from './stub-vendor.ts';

const hour = 3_600_000;

let clock = manualClock();
beforeEach(async () => {
  clock = manualClock({ timers: true });
  await clock.advance(1_000);
});
afterEach(() => clock[Symbol.dispose]());

interface Place {
  readonly options?: TokenProviderOptions;
  readonly vendor?: Partial<Omit<StubVendorOptions, 'secret'>>;
  /** Null: the account has none. */
  readonly secret?: (() => string) | null;
  /** Null: there is none. */
  readonly store?: TokenStore | null;
}

/** A store that tells what it was asked to do, in the order of it. */
function watchedStore() {
  const memory = memoryStore();
  const asked: string[] = [];
  const name = (key: string): string => key.split(':').at(-2) ?? '';
  const store: TokenStore = {
    ...memory,
    get: (key) => (asked.push(`get ${name(key)}`), memory.get(key)),
    set: (key, value, options) => (asked.push(`set ${name(key)}`), memory.set(key, value, options)),
    delete: (key, expected) => (asked.push(`delete ${name(key)}`), memory.delete(key, expected)),
    tryLock: (key, ttl) => (asked.push('lock'), memory.tryLock?.(key, ttl) ?? Promise.resolve(undefined)),
  };
  return { store, asked };
}

/** Sources of one account, as of several processes. */
function setUp({ options, vendor: vendorOptions, secret = () => 'password', store = memoryStore() }: Place = {}) {
  const vendor = stubVendor({ now: () => clock.now(), ...(secret === null ? {} : { secret }), ...vendorOptions });
  const given = { clock, random: () => 0, retries: 0, ...(store === null ? {} : { store }), ...options };
  const create = () => {
    const settings = resolveOptions(given, 'stub');
    const account = createAccount(vendor.protocol, { baseUrl: 'https://api.example.com', origins: ['https://api.example.com'] }, settings);
    return { account, source: new TokenSource(account) };
  };
  const one = create();
  /** Puts a token into the store, as another process does. */
  const keep = async (token: Partial<VendorToken> = {}): Promise<void> => {
    const waiters = new Waiters('login', () => []);
    if (store !== null) await new SharedState(store, create().account).keepToken(stored(token), 'password', undefined, waiters);
  };
  const inUse = (token: Partial<VendorToken> = {}) => toCurrentToken(stored(token), one.account);
  return { vendor, keep, inUse, another: () => create().source, other: create().source, ...one };
}

const stored = (token: Partial<VendorToken> = {}): VendorToken => ({
  value: 'stored',
  issuedAt: clock.now(),
  expiresAt: clock.now() + hour,
  ...token,
});

interface Made {
  readonly cause?: LoginCause;
  readonly replaces?: ReturnType<typeof toCurrentToken> | undefined;
  readonly signal?: AbortSignal;
}

/** Work that somebody waits for, as for a login. */
function wait<T>(work: (login: Login) => Promise<T>, { cause = 'first', replaces, signal }: Made = {}): Promise<T> {
  // What a login comes to is no matter of its source.
  return new Login<T>(cause, replaces, (login) => work(login as unknown as Login)).join(signal, 'stub');
}
const obtain = (source: TokenSource, made?: Made): Promise<VendorToken> => wait((login) => source.obtain(login), made);
const find = (source: TokenSource, replaces?: Made['replaces']) => wait((login) => source.find(login), { cause: 'rejected', replaces });
const status = (source: TokenSource, replaces?: Made['replaces']) =>
  new Login<TokenStatus>('first', replaces, (login) => source.status(login)).join(undefined, 'stub');
const forget = (source: TokenSource) => new Login<void>('first', undefined, (login) => source.forget(login)).join(undefined, 'stub');
const refused = fails('INVALID_CREDENTIALS');

describe('an account without a password', () => {
  it('cools down after a refusal like every other one, here and in the fleet, and says so', async () => {
    const { vendor, source, other } = setUp({ secret: null });
    vendor.script.push(refused);
    await expect(obtain(source)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    for (const each of [source, other]) await expect(obtain(each)).rejects.toMatchObject({ code: 'COOLING_DOWN' });
    expect(vendor.logins).toBe(1);
    expect(await status(source)).toMatchObject({ pause: { reason: 'INVALID_CREDENTIALS' } });
  });

  it('cools down anew after a success, also without a store', async () => {
    const { vendor, source } = setUp({ store: null, secret: null });
    for (const _time of [1, 2]) {
      vendor.script.push(refused);
      await expect(obtain(source)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      expect(await status(source)).toEqual({ pause: { reason: 'INVALID_CREDENTIALS', until: clock.now() + 30_000 } });
      await clock.advance(30_000);
      await obtain(source);
    }
  });
});

describe('a token for which a refresh is due', () => {
  it.each([
    ['the same', { value: 'in use', expiresAt: 3 * hour }, false],
    ['another that ends later', { expiresAt: 2 * hour + 1 }, true],
    ['another that ends at the same time', { expiresAt: 2 * hour }, false],
    ['another that ends earlier', { expiresAt: hour }, false],
    ['another without an end', { expiresAt: undefined }, true],
  ] as const)('is replaced by one from the store only where that lasts longer: %s', async (_which, found, isTaken) => {
    const { vendor, source, keep, inUse } = setUp();
    const end =
      'expiresAt' in found && found.expiresAt !== undefined ? { expiresAt: clock.now() + found.expiresAt } : { expiresAt: undefined };
    await keep({ ...found, ...end });
    const replaces = inUse({ value: 'in use', expiresAt: clock.now() + 2 * hour });
    const { value } = await obtain(source, { cause: 'refresh', replaces });
    expect([value, vendor.logins]).toEqual(isTaken ? ['stored', 0] : ['token-1', 1]);
  });
});

describe('a login that a store makes needless, or a cooldown forbids', () => {
  it('is not made where the store has a token, whatever was refused here before', async () => {
    const { vendor, source, keep } = setUp();
    vendor.script.push(refused);
    await expect(obtain(source)).rejects.toThrow();
    await keep();
    expect((await obtain(source)).value).toBe('stored');
  });

  it('takes no lease', async () => {
    const { store, asked } = watchedStore();
    const { vendor, source } = setUp({ store });
    vendor.script.push(refused);
    await expect(obtain(source)).rejects.toThrow();
    asked.length = 0;
    await expect(obtain(source)).rejects.toMatchObject({ code: 'COOLING_DOWN' });
    expect(asked).toEqual(['get token']);
  });

  it('is not made where the token comes while the lease is being taken', async () => {
    const { store } = watchedStore();
    const tryLock: TokenStore['tryLock'] = async (key, ttl) => {
      await place.keep();
      return store.tryLock?.(key, ttl);
    };
    const place = setUp({ store: { ...store, tryLock } });
    expect((await obtain(place.source)).value).toBe('stored');
    expect(place.vendor.logins).toBe(0);
  });
});

describe('a search of the store', () => {
  it('finds nothing without a store, and nothing in an empty one', async () => {
    expect(await find(setUp({ store: null }).source)).toBeUndefined();
    expect(await find(setUp().source)).toBeUndefined();
  });

  it.each([
    ['another token', {}, true],
    ['the one in use', { value: 'in use' }, false],
    ['one that was rejected', { value: 'rejected' }, false],
    ['one whose assumed end is now', { expiresAt: 0, assumedEnd: true }, false],
    ['one whose assumed end is to come', { expiresAt: 1, assumedEnd: true }, true],
  ])('finds what may be used: %s', async (_what, token, isFound) => {
    const { vendor, source, keep, inUse } = setUp();
    const { expiresAt, ...others } = token as Partial<VendorToken>;
    await keep({ ...others, ...(expiresAt === undefined ? {} : { expiresAt: clock.now() + expiresAt }) });
    source.rejections = new Rejections(5, clock.monotonic());
    source.rejections.add('rejected');
    expect((await find(source, inUse({ value: 'in use' }))) !== undefined).toBe(isFound);
    expect(vendor.logins).toBe(0);
  });

  it('finds a token where none is in use and none was rejected', async () => {
    const { source, keep } = setUp();
    await keep();
    expect(await find(source)).toMatchObject({ value: 'stored' });
  });
});

describe('the status', () => {
  it('is that of the token in use, and the store is not asked for another', async () => {
    const { store, asked } = watchedStore();
    const { source, keep, inUse } = setUp({ store });
    await keep();
    asked.length = 0;
    await status(source, inUse({ value: 'in use' }));
    expect(asked).not.toContain('get token');
    expect(await status(source)).toHaveProperty('fingerprint');
  });

  it('holds nothing of the store where the password cannot be had', async () => {
    let fail = false;
    const secret = (): string => {
      if (fail) throw new Error('the vault is closed');
      return 'password';
    };
    const { source, keep } = setUp({ secret });
    await keep();
    expect(await status(source)).toHaveProperty('fingerprint');
    fail = true;
    expect(await status(source)).toEqual({});
  });

  it('has the pause of the account that others brought about with other passwords', async () => {
    let password = 0;
    const { source, other } = setUp({ secret: () => `wrong${(password += 1)}`, vendor: { otherwise: refused } });
    for (let time = 0; time < 5; time += 1) await expect(obtain(source)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await status(other)).toEqual({ pause: { reason: 'INVALID_CREDENTIALS', until: clock.now() + 480_000 } });
  });

  it('has the cooldown of the password in use', async () => {
    const { source } = setUp({ store: null, vendor: { otherwise: refused } });
    await expect(obtain(source)).rejects.toThrow();
    expect(await status(source)).toMatchObject({ pause: { until: clock.now() + 30_000 } });
  });
});

it('what is forgotten is forgotten without a store, too', async () => {
  const { vendor, source } = setUp({ store: null });
  vendor.script.push(refused);
  await expect(obtain(source)).rejects.toThrow();
  await forget(source);
  expect(await status(source)).toEqual({});
  expect((await obtain(source, { cause: 'rejected' })).value).toBe('token-2');
});

describe('a pause that the vendor asked for', () => {
  it('is waited for, and no login follows where the only caller left meanwhile', async () => {
    const { vendor, source } = setUp({ store: null });
    vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 5_000 }));
    await expect(obtain(source)).rejects.toThrow();
    const controller = new AbortController();
    const waiting = obtain(source, { signal: controller.signal }).catch((error: unknown) => error);
    await clock.advance(1_000);
    controller.abort();
    await expect(waiting).resolves.toMatchObject({ code: 'ABORTED' });
    await clock.advance(10_000);
    expect(vendor.logins).toBe(1);
    const patient = obtain(source);
    await clock.advance(5_000);
    expect((await patient).value).toBe('token-2');
  });
});

describe('a lease that is lost', () => {
  /** A store that tells what happens to its leases: `lock` before each one is given, `extend` before the nth is extended, false where it is lost. */
  function withLeases(
    store: TokenStore,
    on: { lock?: (count: number) => Promise<void>; extend: (count: number) => Promise<boolean> },
  ): TokenStore {
    let count = 0;
    return {
      ...store,
      async tryLock(key, ttl) {
        const which = (count += 1);
        await on.lock?.(which);
        const lease: Lease | undefined = await store.tryLock?.(key, ttl);
        const extend = async (longer: number): Promise<boolean> => {
          if (await on.extend(which)) return lease?.extend(longer) ?? false;
          await lease?.release();
          return false;
        };
        return lease && { id: lease.id, release: () => lease.release(), extend };
      },
    };
  }
  const count = (asked: readonly string[], what: string): number => asked.filter((each) => each === what).length;

  it('is not taken anew where the token has come: nothing more is written, and no login made', async () => {
    const { store, asked } = watchedStore();
    const extend = async (): Promise<boolean> => (await place.keep(), false);
    const place = setUp({ store: withLeases(store, { extend }) });
    expect([(await obtain(place.source)).value, place.vendor.logins]).toEqual(['stored', 0]);
    expect([count(asked, 'lock'), count(asked, 'set token')]).toEqual([1, 1]);
  });

  it('is taken anew, and the token that comes meanwhile makes the login needless', async () => {
    const { store, asked } = watchedStore();
    const lock = async (which: number): Promise<void> => (which === 2 ? place.keep() : undefined);
    const place = setUp({ store: withLeases(store, { lock, extend: async (which) => which > 1 }) });
    expect([(await obtain(place.source)).value, place.vendor.logins]).toEqual(['stored', 0]);
    expect([count(asked, 'lock'), count(asked, 'set token')]).toEqual([2, 1]);
  });

  it('between two attempts ends the login with the token that has come, and the attempt that failed is told', async () => {
    const heard = heardOn('loginFailure');
    const { store, asked } = watchedStore();
    const extend = async (): Promise<boolean> => {
      if (place.vendor.logins === 0) return true;
      await place.keep();
      return false;
    };
    const place = setUp({ store: withLeases(store, { extend }), options: { retries: 1 } });
    place.vendor.script.push(fails('NETWORK', { retryable: true }));
    const token = obtain(place.source);
    await clock.advance(200);
    expect([(await token).value, place.vendor.logins]).toEqual(['stored', 1]);
    expect(count(asked, 'set token')).toBe(1);
    expect(heard).toEqual([expect.objectContaining({ code: 'NETWORK', duration: 200 })]);
  });
});

describe('what a login tells', () => {
  it('is how long it took, and the end only of a token that has one', async () => {
    const heard = heardOn('loginEnd');
    const { source } = setUp({ store: null, vendor: { lifetime: null } });
    await obtain(source);
    expect(heard).toEqual([expect.objectContaining({ duration: 0, attempts: 1 })]);
    expect(heard[0]).not.toHaveProperty('expiresAt');
  });

  it('is the status of the answer that it failed with, and a cooldown only where there is one', async () => {
    const [failures, cooldowns] = [heardOn('loginFailure'), heardOn('cooldown')];
    const { vendor, source } = setUp({ store: null });
    vendor.script.push(() => {
      throw new AuthError({ code: 'VENDOR_ERROR', provider: 'stub', message: 'stub: no', retryable: true, vendorStatus: 503 });
    });
    await expect(obtain(source)).rejects.toThrow();
    expect(failures).toEqual([expect.objectContaining({ code: 'VENDOR_ERROR', vendorStatus: 503, duration: 0 })]);
    expect(cooldowns).toEqual([]);
  });

  it('is no trouble where a store has no leases', async () => {
    const heard = heardOn('storeTrouble');
    const { get, set, delete: remove } = memoryStore();
    const { vendor, source } = setUp({ store: { get, set, delete: remove } });
    await obtain(source);
    await forget(source);
    vendor.script.push(refused);
    await expect(obtain(source)).rejects.toThrow();
    await clock.settle();
    expect(heard).toEqual([]);
  });
});

describe('what the fleet hears of a login', () => {
  it.each([
    ['a failure that may pass', fails('NETWORK', { retryable: true }), 'first', true],
    ['a failure for good', fails('BAD_RESPONSE'), 'first', true],
    ['a wrong configuration', fails('CONFIG'), 'first', false],
  ] as const)('is its failure, where others can make use of it: %s', async (_what, failure, cause, isTold) => {
    const { store, asked } = watchedStore();
    const { vendor, source } = setUp({ store });
    vendor.script.push(failure);
    await expect(obtain(source, { cause })).rejects.toThrow();
    expect(asked.includes('set failed')).toBe(isTold);
  });

  it('is no failure of a refresh that nobody waited for, and that may pass', async () => {
    const { store, asked } = watchedStore();
    const { vendor, source, inUse } = setUp({ store });
    vendor.script.push(fails('NETWORK', { retryable: true }));
    const refresh = new Login('refresh', inUse(), async (login) => createAccessToken(await source.obtain(login)));
    await expect(refresh.promise).rejects.toThrow();
    expect(asked).not.toContain('set failed');
  });

  it('is with a success that earlier failures and refusals count no more, where there were any', async () => {
    const { store, asked } = watchedStore();
    let password = 'wrong';
    const { vendor, source, other } = setUp({ store, secret: () => password });
    await obtain(source);
    expect(asked).not.toContain('delete failed');
    await forget(source);
    vendor.script.push(fails('BAD_RESPONSE'), refused);
    await expect(obtain(source)).rejects.toThrow();
    await clock.advance(1_000);
    await expect(obtain(source)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    password = 'right';
    asked.length = 0;
    await obtain(other);
    expect(asked.filter((each) => /delete failed|set refused/.test(each))).toEqual(['set refused']);
  });

  it('is with a success that a failure for good counts no more', async () => {
    const { store, asked } = watchedStore();
    const { vendor, source } = setUp({ store });
    vendor.script.push(fails('BAD_RESPONSE'));
    await expect(obtain(source)).rejects.toThrow();
    await clock.advance(1_000);
    await obtain(source);
    expect(asked).toContain('delete failed');
  });

  it('are its refusals: with the fifth one, of whichever process, all of them pause', async () => {
    let password = 0;
    const { source, another } = setUp({ secret: () => `wrong${(password += 1)}`, vendor: { otherwise: refused } });
    for (let time = 0; time < 5; time += 1) await expect(obtain(another())).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await expect(obtain(source)).rejects.toMatchObject({ code: 'COOLING_DOWN', reason: 'INVALID_CREDENTIALS' });
  });

  it('is nothing of a pause, where others waited for a login that failed without one', async () => {
    const { vendor, source, other } = setUp();
    const failing = Promise.withResolvers<never>();
    vendor.script.push(() => failing.promise);
    const [first, second] = [obtain(source), obtain(other)].map((each) => each.catch((error: unknown) => error));
    await clock.advance(10);
    failing.reject(new AuthError({ code: 'NETWORK', provider: 'stub', message: 'stub: no', retryable: true }));
    await clock.advance(2_000);
    for (const error of [await first, await second]) {
      expect(error).toMatchObject({ code: 'NETWORK' });
      expect(error).not.toHaveProperty('retryAfter');
    }
    expect(vendor.logins).toBe(1);
  });

  it('is how long to wait, where others waited for a login that failed', async () => {
    const { vendor, source, other } = setUp();
    const failing = Promise.withResolvers<never>();
    vendor.script.push(() => failing.promise);
    const [first, second] = [obtain(source), obtain(other)].map((each) => each.catch((error: unknown) => error));
    await clock.advance(10);
    failing.reject(new AuthError({ code: 'BAD_RESPONSE', provider: 'stub', message: 'stub: no' }));
    await clock.advance(2_000);
    expect(await first).toMatchObject({ code: 'BAD_RESPONSE' });
    expect(await second).toMatchObject({ code: 'BAD_RESPONSE', retryAfter: 1_000 });
    expect(vendor.logins).toBe(1);
  });
});
