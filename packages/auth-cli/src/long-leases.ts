import type { Lease, TokenStore } from '@x/auth-core';

/** A store that has leases. */
export type LeasingStore = TokenStore & Required<Pick<TokenStore, 'tryLock'>>;

/** How long a lease lasts without being extended, in milliseconds. */
const shortest = 15_000;

/**
 * A store whose leases outlast a process that is starved. Where many shells start at once on a busy machine, one may get no processor for seconds; with the
 * core's lease of three it would lose its turn in the middle of its login, and another would log in, too. What it costs: a shell that is killed in its login
 * keeps others waiting that long.
 */
export function longLeases(store: TokenStore): LeasingStore {
  return {
    get: (key) => store.get(key),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key, expected) => store.delete(key, expected),
    tryLock: async (key, ttl) => prolong(await store.tryLock?.(key, Math.max(ttl, shortest))),
  };
}

function prolong(lease: Lease | undefined): Lease | undefined {
  if (lease === undefined) return undefined;
  return { id: lease.id, extend: (ttl) => lease.extend(Math.max(ttl, shortest)), release: () => lease.release() };
}
