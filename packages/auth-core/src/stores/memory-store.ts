import { AuthError } from '../auth-error.ts';
import { createMemoryLocks } from './memory-locks.ts';
import type { TokenStore } from './token-store.ts';

const DEFAULT_MAX = 10_000;

/** Far beyond any login: only a holder that forgot its lease is ever this old. */
const FORGOTTEN_AFTER = 300_000;

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

/**
 * A store in the memory of this process, which several providers of one account can share; the default of a pool. It holds at most `max` entries (default 10,000) and drops the
 * least recently used one first. An entry that is past its `expiresAt` is not returned. No timer runs unless somebody waits for a lease.
 *
 * Leases are granted first come, first served. One lasts until it is released, so there is no `lockTtl` that `timeout` could exceed; a
 * holder that never releases keeps others waiting for five minutes at most, then the first of them takes over.
 *
 * @throws AuthError `STORE` where `max` is not a positive integer.
 */
export function memoryStore(options: { max?: number } = {}): TokenStore {
  const max = options.max ?? DEFAULT_MAX;
  if (!Number.isSafeInteger(max) || max < 1) {
    throw new AuthError({ code: 'STORE', provider: 'auth-core', message: 'memoryStore: max must be a positive integer' });
  }
  const entries = new Map<string, Entry>();
  const locks = createMemoryLocks(FORGOTTEN_AFTER);

  function read(key: string): string | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    if (entry.expiresAt <= Date.now()) return undefined;
    // Put back as the youngest: a Map keeps the order of insertion.
    entries.set(key, entry);
    return entry.value;
  }

  return {
    get: async (key) => read(key),
    async set(key, value, { expiresAt = Infinity, lease } = {}) {
      if (lease !== undefined && !locks.holds(key, lease)) return false;
      entries.delete(key);
      entries.set(key, { value, expiresAt });
      if (entries.size > max) dropOldest(entries);
      return true;
    },
    async delete(key, expected) {
      const value = read(key);
      if (value === undefined || (expected !== undefined && value !== expected)) return false;
      return entries.delete(key);
    },
    lock: locks.lock,
  };
}

function dropOldest(entries: Map<string, Entry>): void {
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}
