import { memoryStore, type TokenStore } from '@x/auth-core';
import { expect, it } from 'vitest';

import { listenForStoreTroubles } from './store-troubles.ts';
import { stubAccount } from './stub-account.ts';
import { waitUntil } from './wait-until.ts';

type Method = 'get' | 'set' | 'delete' | 'tryLock';

/** A store in memory whose methods do as they are told: work, fail or never settle. */
interface UnreliableStore {
  readonly store: TokenStore;
  break(methods: readonly Method[], how: 'fails' | 'hangs'): void;
  repair(): void;
}

const everything: readonly Method[] = ['get', 'set', 'delete', 'tryLock'];

function unreliableStore(): UnreliableStore {
  const inner = memoryStore();
  let broken: readonly Method[] = [];
  let manner: 'fails' | 'hangs' = 'fails';
  async function pass<T>(method: Method, run: () => Promise<T>): Promise<T> {
    if (!broken.includes(method)) return run();
    if (manner === 'hangs') return new Promise(() => undefined);
    throw new Error('the store is out of order');
  }
  return {
    store: {
      get: (key) => pass('get', () => inner.get(key)),
      set: (key, value, options) => pass('set', () => inner.set(key, value, options)),
      delete: (key, expected) => pass('delete', () => inner.delete(key, expected)),
      tryLock: (key, ttl) => pass('tryLock', async () => inner.tryLock?.(key, ttl)),
    },
    break(methods, how) {
      broken = methods;
      manner = how;
    },
    repair() {
      broken = [];
    },
  };
}

const timeout = 150;
/** Also how long a store that hangs is left alone: what is counted meanwhile must be over by then, on a busy machine, too. */
const storeTimeout = 1_000;
const settings = { timeout, attemptTimeout: timeout, storeTimeout };

it.each([
  {
    methods: everything,
    how: 'fails',
    told: ['get failed', 'lock failed', 'get failed', 'get failed', 'get failed', 'delete failed', 'set failed'],
  },
  { methods: everything, how: 'hangs', told: ['get timed out'] },
  { methods: ['set'], how: 'fails', told: ['set failed'] },
  { methods: ['set'], how: 'hangs', told: ['set timed out'] },
  { methods: ['tryLock'], how: 'fails', told: ['lock failed'] },
  { methods: ['tryLock'], how: 'hangs', told: ['lock timed out'] },
] as const)(
  'a provider whose store $how in $methods logs in by itself, says so, and uses the store again once it is back',
  async ({ methods, how, told }) => {
    const { store, repair, ...unreliable } = unreliableStore();
    using troubles = listenForStoreTroubles();
    const account = stubAccount();
    unreliable.break(methods, how);
    const provider = account.provider({ ...settings, store });

    const token = await provider.getToken();
    expect(provider.peekToken()).toBe(token);
    expect(account.tried).toHaveLength(1);
    const saidSoFar = [...troubles.said];
    expect(new Set(saidSoFar)).toEqual(new Set(told));

    repair();
    let renewed = token;
    await waitUntil('a new token is shared', async () => {
      renewed = await provider.getToken({ rejected: renewed });
      const before = account.tried.length;
      const shared = await account.provider({ ...settings, store }).getToken();
      return account.tried.length === before && shared.value === renewed.value;
    });
    expect(troubles.said).toEqual(saidSoFar);
  },
);

it('a provider whose store hangs asks it no more than once in a while', async () => {
  const { store, ...unreliable } = unreliableStore();
  using troubles = listenForStoreTroubles();
  const account = stubAccount();
  unreliable.break(everything, 'hangs');
  const provider = account.provider({ storeTimeout: 2_000, store });
  let token = await provider.getToken();
  for (let refusals = 0; refusals < 3; refusals += 1) token = await provider.getToken({ rejected: token });
  expect(troubles.said).toEqual(['get timed out']);
  expect(account.tried).toHaveLength(4);
});

it('a provider whose store holds something unreadable logs in and replaces it', async () => {
  const store = memoryStore();
  const keys: string[] = [];
  const recording: TokenStore = { ...store, set: (key, value, options) => (keys.push(key), store.set(key, value, options)) };
  using troubles = listenForStoreTroubles();
  const account = stubAccount();
  await account.provider({ store: recording }).getToken();
  for (const key of keys) await store.set(key, '{"version":1,"value":');
  const token = await account.provider({ store }).getToken();
  expect(account.tried).toHaveLength(2);
  expect(troubles.said).toEqual(['read unreadable']);
  expect((await account.provider({ store }).getToken()).value).toBe(token.value);
  expect(account.tried).toHaveLength(2);
});

it.each([null, 42, {}])('a provider whose store answers %j in place of a text logs in', async (answer) => {
  // What only a store without types can do.
  const store = { ...memoryStore(), get: async () => answer } as unknown as TokenStore;
  const account = stubAccount();
  await account.provider({ store }).getToken();
  expect(account.tried).toHaveLength(1);
});

it.each(['fails', 'hangs'] as const)(
  'a provider whose store %s when the token is to be stored gives its lease back all the same',
  async (how) => {
    const { store, ...unreliable } = unreliableStore();
    const account = stubAccount();
    unreliable.break(['set'], how);
    await account.provider({ ...settings, store }).getToken();
    unreliable.repair();
    const began = performance.now();
    await account.provider({ ...settings, store }).getToken();
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(account.tried).toHaveLength(2);
  },
);

it('a store that fails for one call only is not left alone by a process that others need to hear from', async () => {
  const { store, ...unreliable } = unreliableStore();
  const account = stubAccount();
  const provider = account.provider({ ...settings, storeTimeout: 60_000, store });
  unreliable.break(['get'], 'fails');
  const token = await provider.getToken();
  unreliable.repair();
  const renewed = await provider.getToken({ rejected: token });
  expect((await account.provider({ ...settings, store }).getToken()).value).toBe(renewed.value);
  expect(account.tried).toHaveLength(2);
});
