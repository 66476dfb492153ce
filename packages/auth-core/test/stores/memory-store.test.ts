import { describe, expect, it, vi } from 'vitest';

import { isAuthError } from '../../src/auth-error.ts';
import { createMemoryLocks } from '../../src/stores/memory-locks.ts';
import { memoryStore } from '../../src/stores/memory-store.ts';
import { describeTokenStore } from '../../src/testing/store-contract.ts';

const never = new AbortController().signal;

describeTokenStore(
  { describe, it },
  {
    name: 'memoryStore',
    capabilities: { lock: true, lockTtl: false },
    create: () => {
      const store = memoryStore();
      return { store, another: () => store };
    },
  },
);

describe('memoryStore', () => {
  it('drops the least recently used entry first', async () => {
    const store = memoryStore({ max: 2 });
    await store.set('a', '1');
    await store.set('b', '2');
    await store.get('a');
    await store.set('c', '3');
    expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual(['1', undefined, '3']);
  });

  it('counts an entry that is written again once', async () => {
    const store = memoryStore({ max: 2 });
    for (const value of ['1', '2', '3']) await store.set('a', value);
    await store.set('b', '4');
    expect([await store.get('a'), await store.get('b')]).toEqual(['3', '4']);
  });

  it('expires an entry at the very millisecond that it was given', async () => {
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

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses a max of %s', (max) => {
    expect(() => memoryStore({ max })).toThrowError(expect.objectContaining({ code: 'STORE', message: expect.stringContaining('max') }));
    expect(() => memoryStore({ max })).toThrowError(expect.toSatisfy(isAuthError));
  });

  it('promises no lockTtl, so that no timeout is too long for it', () => {
    expect(memoryStore().lockTtl).toBeUndefined();
  });
});

describe('the leases of a process', () => {
  it('are granted first come, first served', async () => {
    const locks = createMemoryLocks(60_000);
    const first = await locks.lock('key', { signal: never });
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (place) => {
      const lease = await locks.lock('key', { signal: never });
      order.push(place);
      await lease.release();
    });
    await first.release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  it('skip a waiter that gave up, and take its listener off the signal', async () => {
    const locks = createMemoryLocks(60_000);
    const first = await locks.lock('key', { signal: never });
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const gaveUp = locks.lock('key', { signal: controller.signal });
    const stayed = new AbortController();
    const listeners = vi.spyOn(stayed.signal, 'removeEventListener');
    const waited = locks.lock('key', { signal: stayed.signal });
    controller.abort();
    await expect(gaveUp).rejects.toBe(controller.signal.reason);
    await first.release();
    const lease = await waited;
    expect(locks.holds('key', lease)).toBe(true);
    expect(removed).not.toHaveBeenCalled();
    expect(listeners).toHaveBeenCalledOnce();
  });

  describe('with a holder that forgets to release', () => {
    it('pass to one waiter after the other, each at the limit', async () => {
      vi.useFakeTimers();
      try {
        const locks = createMemoryLocks(1_000);
        const forgotten = await locks.lock('key', { signal: never });
        const second = locks.lock('key', { signal: never });
        const third = locks.lock('key', { signal: never });
        await vi.advanceTimersByTimeAsync(999);
        expect(locks.holds('key', forgotten)).toBe(true);
        await vi.advanceTimersByTimeAsync(1);
        expect(locks.holds('key', forgotten)).toBe(false);
        expect(locks.holds('key', await second)).toBe(true);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(locks.holds('key', await third)).toBe(true);
      } finally {
        vi.useRealTimers();
      }
    });

    it('run a timer only while somebody waits', async () => {
      vi.useFakeTimers();
      try {
        const locks = createMemoryLocks(1_000);
        const forgotten = await locks.lock('key', { signal: never });
        await vi.advanceTimersByTimeAsync(5_000);
        expect(vi.getTimerCount()).toBe(0);
        expect(locks.holds('key', forgotten)).toBe(true);

        const controller = new AbortController();
        const waiting = locks.lock('key', { signal: controller.signal });
        expect(vi.getTimerCount()).toBe(1);
        controller.abort();
        await expect(waiting).rejects.toBe(controller.signal.reason);
        expect(vi.getTimerCount()).toBe(0);

        const late = locks.lock('key', { signal: never });
        await vi.advanceTimersByTimeAsync(1);
        expect(locks.holds('key', await late)).toBe(true);
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    });
  });
});
