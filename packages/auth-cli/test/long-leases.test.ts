import { memoryStore } from '@x/auth-core';
import { expect, it, vi } from 'vitest';

import { longLeases } from '../src/long-leases.ts';

it('a lease of the shell outlasts a process that gets no processor for ten seconds, and ends when it is given back', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  try {
    const store = longLeases(memoryStore());
    const lease = await store.tryLock?.('a', 3_000);
    vi.advanceTimersByTime(10_000);
    expect(await store.tryLock?.('a', 3_000)).toBeUndefined();
    expect(await lease?.extend(3_000)).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(await store.set('a', 'value', lease === undefined ? {} : { lease })).toBe(true);
    await lease?.release();
    expect(await store.tryLock?.('a', 3_000)).toBeDefined();
  } finally {
    vi.useRealTimers();
  }
});
