import { type AccessTokenInit, memoryStore, type TokenProvider, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fails, stubVendor, unavailable } from './stub-vendor.ts';

/** A store that tells when a lease was had and given back; giving one back takes its time, as over a network. */
function watchedStore(said: string[], released = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))): TokenStore {
  const store = memoryStore();
  return {
    ...store,
    async tryLock(key, ttl) {
      const lease = await store.tryLock?.(key, ttl);
      if (lease === undefined) return undefined;
      said.push('had');
      const release = async (): Promise<void> => {
        await released();
        await lease.release();
        said.push('given back');
      };
      return { ...lease, release };
    },
  };
}

describe('giving a lease back', () => {
  let clock = manualClock();
  let said: string[] = [];

  beforeEach(() => {
    clock = manualClock({ timers: true });
    said = [];
  });
  afterEach(() => clock[Symbol.dispose]());

  function setUp(options: TokenProviderOptions = {}, otherwise: () => AccessTokenInit | Promise<AccessTokenInit> = unavailable) {
    const vendor = stubVendor({ now: () => clock.now(), otherwise });
    return createTokenProvider(vendor.protocol, { clock, random: () => 0, store: watchedStore(said), ...options });
  }

  it('a lease is given back before a caller hears that the login failed, which ends many a process', async () => {
    const provider = setUp({}, fails('INVALID_CREDENTIALS'));
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(said).toEqual(['had', 'given back']);
  });

  it.each([
    ['before the next attempt', unavailable],
    ['that the vendor asked for', fails('VENDOR_ERROR', { retryable: true, retryAfter: 5_000 })],
  ])('a lease is given back at once where the only caller gives up in a pause %s', async (_pause, otherwise) => {
    const provider = setUp({}, otherwise);
    const controller = new AbortController();
    const waiting = provider.getToken({ signal: controller.signal }).catch((error: unknown) => error);
    await clock.settle();
    expect(said).toEqual(['had']);
    controller.abort();
    await expect(waiting).resolves.toMatchObject({ code: 'ABORTED' });
    // What is told the fleet before takes turns of its own.
    for (let turns = 0; turns < 20 && said.length < 2; turns += 1) await clock.settle();
    expect(said).toEqual(['had', 'given back']);
  });

  it('without a lease nothing is written that could come late, over what came after it', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const written: unknown[] = [];
    const set = async (_key: string, value: string): Promise<boolean> => {
      written.push(value);
      return never();
    };
    const store = { ...memoryStore(), get: never, tryLock: never, set };
    const login = (): Promise<AccessTokenInit> => new Promise((resolve) => setTimeout(resolve, 4_000, { value: 'token' }));
    const token = setUp({ storeTimeout: 1_000, store }, login).getToken();
    for (let second = 0; second < 20; second += 1) await clock.advance(1_000);
    expect((await token).value).toBe('token');
    expect(written).toEqual([]);
  });

  it('a lease is given back behind the callers where the login worked: they have its token at once', async () => {
    const provider = setUp({ store: watchedStore(said, () => new Promise(() => undefined)) }, () => ({ value: 'token' }));
    expect((await provider.getToken()).value).toBe('token');
    expect(provider.peekToken()?.value).toBe('token');
    expect(said).toEqual(['had']);
  });

  it('nobody waits until a lease is given back where the store hangs', async () => {
    const store = watchedStore(said, () => new Promise(() => undefined));
    const asked = Promise.withResolvers<void>();
    const set = (): Promise<boolean> => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const provider = setUp({ storeTimeout: 1_000, store: { ...store, set } }, () => ({ value: 'token' }));
    const token = provider.getToken();
    await asked.promise;
    await clock.advance(1_000);
    expect((await token).value).toBe('token');
    expect(said).toEqual(['had']);
  });
});

/** A store whose leases are told what to do, and that tells what it was asked for. */
function scriptedStore(clock: { monotonic(): number }) {
  const asked: string[] = [];
  const ask = (what: string): void => void asked.push(`${what} at ${clock.monotonic()}`);
  const script = { free: true, extends: (): boolean | Promise<boolean> => true };
  const memory = memoryStore();
  const store: TokenStore = {
    ...memory,
    async set(key, value, options = {}) {
      if (key.includes(':token:')) ask(options.lease === undefined ? 'set' : `set under ${options.lease.id}`);
      return (options.lease === undefined || (await script.extends())) && memory.set(key, value);
    },
    async tryLock(_key, ttl) {
      ask(`tryLock for ${ttl}`);
      if (!script.free) return undefined;
      const id = `lease ${asked.length}`;
      const extend = async (longer: number): Promise<boolean> => (ask(`extend by ${longer}`), script.extends());
      return { id, extend, release: async () => ask('release') };
    },
  };
  return { store, asked, script };
}

describe('holding a lease', () => {
  let clock = manualClock();
  beforeEach(() => {
    clock = manualClock({ timers: true });
  });
  afterEach(() => clock[Symbol.dispose]());

  /** A provider over a {@link scriptedStore}, whose vendor takes so long to answer a login. */
  function setUp(takes = 0, options: TokenProviderOptions = {}) {
    const { store, asked, script } = scriptedStore(clock);
    const vendor = stubVendor({
      now: () => clock.now(),
      otherwise: (issue) => new Promise((resolve) => setTimeout(resolve, takes, issue())),
    });
    const provider = (): TokenProvider => createTokenProvider(vendor.protocol, { clock, random: () => 0, store, ...options });
    return { store, asked, script, vendor, provider };
  }

  async function pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) await clock.advance(50);
  }

  it('a lease of three seconds is extended right before the login and every second while it lasts', async () => {
    const { asked, provider } = setUp(2_500);
    const token = provider().getToken();
    await pass(2_500);
    await token;
    expect(asked).toEqual([
      'tryLock for 3000 at 0',
      'extend by 3000 at 0',
      'extend by 3000 at 1000',
      'extend by 3000 at 2000',
      'set under lease 1 at 2500',
      'release at 2500',
    ]);
  });

  it('a lease is extended on while a store that took too long is left alone', async () => {
    const { store, asked, provider } = setUp(3_500, { storeTimeout: 1_000 });
    let slow = false;
    const get = store.get.bind(store);
    store.get = (key) => (slow ? new Promise(() => undefined) : get(key));
    const tryLock = store.tryLock?.bind(store);
    store.tryLock = async (key, ttl) => {
      slow = true;
      return tryLock?.(key, ttl);
    };
    const token = provider().getToken();
    await pass(4_500);
    await token;
    expect(asked.filter((what) => what.startsWith('extend'))).toEqual([1_000, 2_000, 3_000, 4_000].map((at) => `extend by 3000 at ${at}`));
  });

  it('who waits for a lease asks again after pauses from 50 milliseconds to half a second', async () => {
    const { asked, script, provider } = setUp();
    script.free = false;
    const token = provider().getToken();
    await pass(2_000);
    script.free = true;
    await pass(1_000);
    await token;
    const times = asked.filter((what) => what.startsWith('tryLock')).map((what) => Number(what.split(' at ')[1]));
    expect(times).toEqual([0, 50, 150, 350, 750, 1_250, 1_750, 2_250]);
  });

  it('who has waited for a lease for twice the timeout logs in alone, with a whole timeout left', async () => {
    const { asked, script, vendor, provider } = setUp(900, { timeout: 1_000 });
    script.free = false;
    const token = provider().getToken();
    await pass(1_950);
    expect(vendor.logins).toBe(0);
    await pass(1_500);
    expect((await token).value).toBe('token-1');
    expect(asked.at(-1)).toMatch(/^set at/);
  });

  it('a lease that comes after the store took too long is given back', async () => {
    const { store, asked, provider } = setUp(0, { storeTimeout: 1_000 });
    const tryLock = store.tryLock?.bind(store);
    store.tryLock = async (key, ttl) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return tryLock?.(key, ttl);
    };
    const token = provider().getToken();
    await pass(2_000);
    await token;
    expect(asked).toEqual(['tryLock for 3000 at 1500', 'release at 1500']);
  });

  it('a lease that was lost before the login is asked for anew, after another look for a token', async () => {
    const { asked, script, vendor, provider } = setUp();
    let lost = 1;
    script.extends = () => lost-- <= 0;
    const token = provider().getToken();
    await pass(100);
    expect((await token).value).toBe('token-1');
    expect(vendor.logins).toBe(1);
    expect(asked.map((what) => what.split(' at ')[0])).toEqual([
      'tryLock for 3000',
      'extend by 3000',
      'tryLock for 3000',
      'set under lease 3',
      'release',
    ]);
  });

  it('a token that came while the lease was lost makes the login needless', async () => {
    const { store, script, vendor, provider } = setUp();
    const other = createTokenProvider(vendor.protocol, { clock, store: { get: store.get, set: store.set, delete: store.delete } });
    let lost = false;
    script.extends = async () => {
      if (!lost) await other.getToken();
      return lost || !(lost = true);
    };
    const token = provider().getToken();
    await pass(100);
    expect((await token).value).toBe('token-1');
    expect(vendor.logins).toBe(1);
  });

  it('a login whose attempt failed is not repeated where another process has a token by then', async () => {
    const { store, script, vendor, provider } = setUp();
    const other = createTokenProvider(vendor.protocol, { clock, store: { get: store.get, set: store.set, delete: store.delete } });
    vendor.script.push(() => {
      script.extends = async () => {
        script.extends = () => true;
        await other.getToken();
        return false;
      };
      return unavailable();
    });
    const token = provider().getToken();
    await pass(1_000);
    expect((await token).value).toBe('token-2');
    expect(vendor.logins).toBe(2);
  });

  it('a token whose lease was lost in flight is not written, and the one that came meanwhile is handed out', async () => {
    const { store, asked, script, vendor, provider } = setUp(3_500);
    const token = provider().getToken();
    await pass(500);
    vendor.script.push(() => ({ value: 'newer' }));
    const other = createTokenProvider(vendor.protocol, { clock, store: { get: store.get, set: store.set, delete: store.delete } });
    await other.getToken();
    script.extends = () => false;
    await pass(3_000);
    expect((await token).value).toBe('newer');
    expect((await provider().getToken()).value).toBe('newer');
    expect(asked.filter((what) => what.startsWith('extend'))).toEqual(['extend by 3000 at 0', 'extend by 3000 at 1000']);
    expect(vendor.logins).toBe(2);
  });
});
