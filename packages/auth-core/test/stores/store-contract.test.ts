import { describe, expect, it } from 'vitest';

import { memoryStore } from '../../src/stores/memory-store.ts';
import type { Lease, TokenStore } from '../../src/stores/token-store.ts';
import { describeTokenStore } from '../../src/testing/store-contract.ts';
import type { TestRunner } from '../../src/testing/test-runner.ts';

const longestWait = 500;

type Breakage = (store: TokenStore) => Partial<TokenStore>;

/** Runs the suite on a store and returns the names of the tests that fail or never end. */
async function failuresOf(breakage: Breakage): Promise<string[]> {
  const tests: { name: string; body: () => Promise<void> }[] = [];
  const runner: TestRunner = { describe: (_, body) => body(), it: (name, body) => void tests.push({ name, body }) };
  describeTokenStore(runner, {
    name: 'a broken store',
    capabilities: { tryLock: true },
    create: () => {
      const sound = memoryStore();
      const store = { ...sound, ...breakage(sound) };
      return { store, another: () => store };
    },
  });
  const failures = await Promise.all(tests.map(async ({ name, body }) => ((await passes(body)) ? [] : [name])));
  return failures.flat();
}

function passes(body: () => Promise<void>): Promise<boolean> {
  const ended = body().then(
    () => true,
    () => false,
  );
  return Promise.race([ended, new Promise<boolean>((resolve) => setTimeout(resolve, longestWait, false))]);
}

const freeLease: Lease = { id: 'one for all', extend: async () => true, release: async () => undefined };

/** The leases of a store, each changed. */
function leases(change: (lease: Lease) => Partial<Lease>): Breakage {
  return (store) => ({
    async tryLock(key, ttl) {
      const lease = await store.tryLock?.(key, ttl);
      return lease && { ...lease, ...change(lease) };
    },
  });
}

describe('the contract suite of stores', () => {
  it('the contract suite passes a sound store', async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  it.each<[what: string, breakage: Breakage, test: RegExp]>([
    ['forgets everything', () => ({ get: async () => undefined }), /replaced by the next set/],
    ['mixes keys up', (store) => ({ set: (key, ...rest) => store.set(key.trim(), ...rest) }), /belongs to its key/],
    ['cuts values', (store) => ({ set: (key, value, options) => store.set(key, value.slice(0, 60_000), options) }), /unchanged: 64 KiB/],
    ['deletes whatever is there', (store) => ({ delete: (key) => store.delete(key) }), /expects another one/],
    ['never says that it deleted', (store) => ({ delete: async (...all) => (await store.delete(...all), false) }), /says whether/],
    [
      'ignores the end',
      (store) => ({ set: (key, value, { lease } = {}) => store.set(key, value, lease ? { lease } : {}) }),
      /once it has expired/,
    ],
    ['ends everything', (store) => ({ set: (key, value) => store.set(key, value, { expiresAt: Date.now() - 1 }) }), /none of its own/],
    ['gives a lease to everybody', () => ({ tryLock: async () => freeLease, set: async () => true }), /one holder at a time/],
    ['has one lease for all keys', (store) => ({ tryLock: async (_, ttl) => store.tryLock?.('', ttl) }), /that of another key/],
    ['ends no lease', (store) => ({ tryLock: async (key) => store.tryLock?.(key, 60_000) }), /when its time is over/],
    ['extends no lease', leases(() => ({ extend: async () => true })), /outlasts its first time/],
    ['only ever makes a lease longer', leases(({ extend }) => ({ extend: (ttl) => extend(Math.max(ttl, 60_000)) })), /makes it shorter/],
    [
      'extends a lease that was lost',
      leases(({ extend }) => ({ extend: async (ttl) => (await extend(ttl), true) })),
      /at the end of its time, also where nobody takes it/,
    ],
    ['keeps a lease that was given back', leases(() => ({ release: async () => undefined })), /had again after a release/],
    [
      'waits for a lease',
      (store) => ({ tryLock: async (key, ttl) => (await store.tryLock?.(key, ttl)) ?? new Promise(() => undefined) }),
      /refused at once/,
    ],
    [
      'writes under a lost lease',
      (store) => ({ set: (key, value, { expiresAt = Infinity } = {}) => store.set(key, value, { expiresAt }) }),
      /writes nothing/,
    ],
  ])('the contract suite fails a store that %s', async (_, breakage, test) => {
    expect(await failuresOf(breakage)).toContainEqual(expect.stringMatching(test));
  });

  it('the contract suite leaves out what a store does not have', async () => {
    const names: string[] = [];
    const runner: TestRunner = { describe: (name, body) => (names.push(name), body()), it: () => undefined };
    describeTokenStore(runner, {
      name: 'plain',
      capabilities: { tryLock: false },
      create: () => ({ store: memoryStore(), another: () => memoryStore() }),
    });
    expect(names).toEqual(['plain keeps the contract of a token store', 'values']);
  });
});
