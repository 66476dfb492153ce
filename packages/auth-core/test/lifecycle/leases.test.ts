import { memoryStore, type TokenProvider, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { stubVendor, unavailable } from './stub-vendor.ts';

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
