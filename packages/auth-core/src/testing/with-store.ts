import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { OpenedStore, StoreUnderTest } from './store-under-test.ts';

/** Longer than any test takes, in milliseconds. */
const LONG = 600_000;

/** Opens a store, runs a test on it and closes it, whatever comes of it. */
export async function withStore(subject: StoreUnderTest, test: (opened: OpenedStore) => Promise<void>): Promise<void> {
  const opened = await subject.create();
  try {
    await test(opened);
  } finally {
    await opened.close?.();
  }
}

/** Asks for a lease once. */
export function tryLock(store: TokenStore, key: string, ttl: number = LONG): Promise<Lease | undefined> {
  assert.ok('tryLock' in store && store.tryLock !== undefined, 'the store has no tryLock, although its capabilities say so');
  return store.tryLock(key, ttl);
}

/** Asks for a lease until it is had, for as long as the test runner lets a test wait. */
export async function lockFor(store: TokenStore, key: string, ttl?: number): Promise<Lease> {
  for (;;) {
    const lease = await tryLock(store, key, ttl);
    if (lease !== undefined) return lease;
    await nextTurn();
  }
}
