import { describe, expect, it, vi } from 'vitest';

import { isAuthError } from '../../src/auth-error.ts';
import { memoryStore } from '../../src/stores/memory-store.ts';
import { describeTokenStore } from '../../src/testing/store-contract.ts';

describeTokenStore(
  { describe, it },
  {
    name: 'memoryStore',
    capabilities: { tryLock: true },
    create: () => {
      const store = memoryStore();
      return { store, another: () => store };
    },
  },
);

describe('memoryStore', () => {
  it('a store in memory drops the least recently used entry first', async () => {
    const store = memoryStore({ max: 2 });
    await store.set('a', '1');
    await store.set('b', '2');
    await store.get('a');
    await store.set('c', '3');
    expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual(['1', undefined, '3']);
  });

  it('a store in memory counts an entry that is written again once', async () => {
    const store = memoryStore({ max: 2 });
    for (const value of ['1', '2', '3']) await store.set('a', value);
    await store.set('b', '4');
    expect([await store.get('a'), await store.get('b')]).toEqual(['3', '4']);
  });

  it('a store in memory expires an entry at the very millisecond that it was given', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
    try {
      const store = memoryStore();
      await store.set('key', 'value', { expiresAt: 2_000 });
      vi.setSystemTime(1_999);
      expect(await store.get('key')).toBe('value');
      vi.setSystemTime(2_000);
      expect(await store.get('key')).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('a store in memory with a max of %s is refused', (max) => {
    expect(() => memoryStore({ max })).toThrowError(expect.objectContaining({ code: 'STORE', message: expect.stringContaining('max') }));
    expect(() => memoryStore({ max })).toThrowError(expect.toSatisfy(isAuthError));
  });

  it.each([{ maxEntries: 5 }, 5, null])('a store in memory with options like %j is refused', (options) => {
    // What a caller without types may pass.
    expect(() => Reflect.apply(memoryStore, undefined, [options])).toThrowError(expect.objectContaining({ code: 'STORE' }));
  });

  it('a store in memory ends a lease by the clock that only goes forward, and sets no timer for it', async () => {
    vi.useFakeTimers();
    try {
      const store = memoryStore();
      const lease = await store.tryLock?.('key', 1_000);
      expect(vi.getTimerCount()).toBe(0);
      vi.setSystemTime(Date.now() + 3_600_000);
      vi.advanceTimersByTime(999);
      expect(await store.tryLock?.('key', 1_000)).toBeUndefined();
      vi.advanceTimersByTime(1);
      expect(await lease?.extend(1_000)).toBe(false);
      expect(await store.tryLock?.('key', 1_000)).toMatchObject({ id: expect.any(String) });
    } finally {
      vi.useRealTimers();
    }
  });
});
