import { type AccessTokenInit, memoryStore, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

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

it('a lease that comes after the store was given up on is given back', async () => {
  const answer = Promise.withResolvers<void>();
  const store = watchedStore(said);
  const late: TokenStore = {
    ...store,
    async tryLock(key, ttl) {
      await answer.promise;
      return store.tryLock?.(key, ttl);
    },
  };
  const token = setUp({ storeTimeout: 1_000, store: late }, () => ({ value: 'token' })).getToken();
  await clock.advance(1_000);
  expect((await token).value).toBe('token');
  expect(said).toEqual([]);
  answer.resolve();
  for (let turns = 0; turns < 20 && said.length < 2; turns += 1) await clock.settle();
  expect(said).toEqual(['had', 'given back']);
});
