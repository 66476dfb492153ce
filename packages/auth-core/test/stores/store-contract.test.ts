import { describe, expect, it } from 'vitest';

import { memoryStore } from '../../src/stores/memory-store.ts';
import type { TokenStore } from '../../src/stores/token-store.ts';
import { describeTokenStore } from '../../src/testing/store-contract.ts';
import type { TestRunner } from '../../src/testing/test-runner.ts';

const PATIENCE = 500;

type Breakage = (store: TokenStore) => Partial<TokenStore>;

/** Runs the suite on a store and returns the names of the tests that fail or never end. */
async function failuresOf(breakage: Breakage): Promise<string[]> {
  const tests: { name: string; body: () => Promise<void> }[] = [];
  const runner: TestRunner = { describe: (_, body) => body(), it: (name, body) => void tests.push({ name, body }) };
  describeTokenStore(runner, {
    name: 'a broken store',
    capabilities: { lock: true, lockTtl: false },
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
  return Promise.race([ended, new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE, false))]);
}

const freeLease = { id: 'one for all', release: async () => undefined };

describe('the contract suite of stores', () => {
  it('passes a sound store', async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  it.each<[what: string, breakage: Breakage, test: RegExp]>([
    ['forgets everything', () => ({ get: async () => undefined }), /replaced by the next set/],
    ['mixes keys up', (store) => ({ set: (key, ...rest) => store.set(key.trim(), ...rest) }), /belong to their key/],
    ['cuts values', (store) => ({ set: (key, value, options) => store.set(key, value.slice(0, 60_000), options) }), /unchanged: 64 KiB/],
    ['deletes whatever is there', (store) => ({ delete: (key) => store.delete(key) }), /expects another value/],
    ['never says that it deleted', (store) => ({ delete: async (...all) => (await store.delete(...all), false) }), /says whether/],
    ['ignores the end', (store) => ({ set: (key, value, { lease } = {}) => store.set(key, value, lease ? { lease } : {}) }), /expired/],
    ['ends everything', (store) => ({ set: (key, value) => store.set(key, value, { expiresAt: Date.now() - 1 }) }), /none of their own/],
    ['gives a lease to everybody', () => ({ lock: async () => freeLease, set: async () => true }), /one holder at a time/],
    ['has one lease for all keys', (store) => ({ lock: (_, options) => store.lock?.('', options) ?? Promise.reject() }), /of other keys/],
    [
      'is deaf to the signal',
      (store) => ({ lock: (key) => store.lock?.(key, { signal: new AbortController().signal }) ?? Promise.reject() }),
      /given up with the reason/,
    ],
    [
      'keeps a lease that nobody wanted any more',
      (store) => ({
        lock: async (key, { signal }) => {
          const lease = await store.lock?.(key, { signal: new AbortController().signal });
          signal.throwIfAborted();
          return lease ?? freeLease;
        },
      }),
      /do not stay taken/,
    ],
    [
      'writes under a lost lease',
      (store) => ({ set: (key, value, { expiresAt = Infinity } = {}) => store.set(key, value, { expiresAt }) }),
      /write nothing/,
    ],
  ])('fails a store that %s', async (_, breakage, test) => {
    expect(await failuresOf(breakage)).toContainEqual(expect.stringMatching(test));
  });

  it('leaves out what a store does not have', async () => {
    const names: string[] = [];
    const runner: TestRunner = { describe: (name, body) => (names.push(name), body()), it: () => undefined };
    describeTokenStore(runner, {
      name: 'plain',
      capabilities: { lock: false, lockTtl: false },
      create: () => ({ store: memoryStore(), another: () => memoryStore() }),
    });
    expect(names).toEqual(['plain keeps the contract of a token store', 'values']);
  });
});
