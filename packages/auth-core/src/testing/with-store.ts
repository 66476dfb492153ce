import assert from 'node:assert/strict';

import type { Lease, TokenStore } from '../stores/token-store.ts';
import type { OpenedStore, StoreUnderTest } from './store-under-test.ts';

/** Opens a store, runs a test on it and closes it, whatever comes of it. */
export async function withStore(
  subject: StoreUnderTest,
  options: { lockTtl?: number },
  test: (opened: OpenedStore) => Promise<void>,
): Promise<void> {
  const opened = await subject.create(subject.capabilities.lockTtl ? options : {});
  try {
    await test(opened);
  } finally {
    await opened.close?.();
  }
}

/** Waits for a lease, for as long as the test runner lets a test wait. */
export function lockFor(store: TokenStore, key: string, signal: AbortSignal = new AbortController().signal): Promise<Lease> {
  assert.ok('lock' in store && store.lock !== undefined, 'the store has no lock, although its capabilities say so');
  return store.lock(key, { signal });
}
