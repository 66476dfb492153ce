import { AuthError } from '../auth-error.ts';
import { createBoundedMap } from '../bounded-map.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { type Lease, processKey, type ProcessStore, type TokenStore } from './token-store.ts';

const DEFAULT_MAX = 10_000;

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

/**
 * A store in the memory of this process, which several providers of one account can share; the default of a pool. It holds at most `max` entries (default 10,000) and drops the
 * least recently used one first. An entry that is past its `expiresAt` is not returned. No timer runs.
 *
 * @throws AuthError `STORE` where `max` is not a positive integer, or an option is unknown.
 */
export function memoryStore(options: { max?: number } = {}): TokenStore & ProcessStore {
  const max = checkOptions(options);
  const entries = createBoundedMap<Entry>(max);
  const leases = createLeases();

  function read(key: string): string | undefined {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAt > Date.now()) return entry?.value;
    entries.delete(key);
    return undefined;
  }

  return {
    get: async (key) => read(key),
    async set(key, value, { expiresAt = Infinity, lease } = {}) {
      if (lease !== undefined && !leases.holds(key, lease.id)) return false;
      entries.set(key, { value, expiresAt });
      return true;
    },
    async delete(key, expected) {
      const value = read(key);
      if (value === undefined || (expected !== undefined && value !== expected)) return false;
      return entries.delete(key);
    },
    tryLock: async (key, ttl) => leases.take(key, ttl),
    [processKey]: nodeCrypto.randomBytes(32),
  };
}

/** The most entries. Options may come from a caller without types. */
function checkOptions(options: unknown): number {
  if (typeof options !== 'object' || options === null) throw unusable('expected options like { max: 10_000 }');
  const { max = DEFAULT_MAX, ...others }: { max?: unknown } = options;
  const unknown = Object.entries(others).find(([, value]) => value !== undefined);
  if (unknown !== undefined) throw unusable(`there is no option ${unknown[0]}; the only one is max`);
  if (typeof max !== 'number' || !Number.isSafeInteger(max) || max < 1) throw unusable('max must be a positive integer');
  return max;
}

function unusable(what: string): AuthError {
  return new AuthError({ code: 'STORE', provider: 'auth-core', message: `memoryStore: ${what}` });
}

interface Leases {
  readonly take: (key: string, ttl: number) => Lease | undefined;
  readonly holds: (key: string, id: string) => boolean;
}

/** On the clock that only goes forward: within a process nothing else has to be agreed on. */
function createLeases(): Leases {
  const held = new Map<string, { readonly id: string; readonly endsAt: number }>();

  function holder(key: string): string | undefined {
    const lease = held.get(key);
    return lease !== undefined && performance.now() < lease.endsAt ? lease.id : undefined;
  }

  function keep(key: string, id: string, ttl: number): void {
    held.set(key, { id, endsAt: performance.now() + ttl });
  }

  return {
    holds: (key, id) => holder(key) === id,
    take(key, ttl) {
      if (holder(key) !== undefined) return undefined;
      const id = nodeCrypto.randomUUID();
      keep(key, id, ttl);
      return {
        id,
        async extend(longer) {
          if (holder(key) !== id) return false;
          keep(key, id, longer);
          return true;
        },
        async release() {
          if (held.get(key)?.id === id) held.delete(key);
        },
      };
    },
  };
}
