import { memoryStore, type Lease, type TokenStore } from '@x/auth-core';
import type { ManualClock } from '@x/auth-core/testing';

/** How a store treats what is asked of it. */
export type StoreMood = 'sound' | 'failing' | 'hanging' | 'forgetful' | 'late' | 'old' | 'mixed up' | 'changed' | 'taken' | 'lost';

export const storeMoods: readonly StoreMood[] = [
  'sound',
  'sound',
  'failing',
  'hanging',
  'forgetful',
  'late',
  'old',
  'mixed up',
  'changed',
  'taken',
  'lost',
];

/** A store for models, which has every fault that a store can have. Its leases last on the manual clock. */
export interface LyingStore {
  readonly store: TokenStore;
  mood: StoreMood;
}

/** What it answers while it lies is something that really stood in it: at another time, under another key, or nearly so. */
export function lyingStore(clock: ManualClock): LyingStore {
  const entries = new Map<string, string>();
  const history: { key: string; value: string }[] = [];
  const leases = new Map<string, { id: number; end: number }>();
  const self: LyingStore = { mood: 'sound', store: makeStore() };
  let lastLease = 0;

  async function disturb<T>(work: () => T): Promise<T> {
    if (self.mood === 'failing') throw new Error('the store is out of order');
    if (self.mood === 'hanging') return new Promise(() => undefined);
    if (self.mood === 'late') await new Promise((resolve) => void setTimeout(resolve, 1_500));
    return work();
  }

  function read(key: string): string | undefined {
    const value = entries.get(key);
    if (self.mood === 'forgetful') return undefined;
    if (self.mood === 'old') return history.find((entry) => entry.key === key)?.value;
    if (self.mood === 'mixed up') return history.findLast((entry) => entry.key !== key)?.value;
    if (self.mood === 'changed') return value?.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
    return value;
  }

  function write(key: string, value: string, lease: Lease | undefined): boolean {
    if (self.mood === 'lost' || (lease !== undefined && !holds(key, Number(lease.id)))) return false;
    if (self.mood === 'forgetful') return true;
    entries.set(key, value);
    history.push({ key, value });
    return true;
  }

  function holds(key: string, id: number): boolean {
    const lease = leases.get(key);
    return self.mood !== 'lost' && lease?.id === id && clock.monotonic() < lease.end;
  }

  function lock(key: string, ttl: number): Lease | undefined {
    if (self.mood === 'taken' || clock.monotonic() < (leases.get(key)?.end ?? 0)) return undefined;
    const id = (lastLease += 1);
    leases.set(key, { id, end: clock.monotonic() + ttl });
    return {
      id: String(id),
      extend: (longer) =>
        disturb(() => {
          if (!holds(key, id)) return false;
          leases.set(key, { id, end: clock.monotonic() + longer });
          return true;
        }),
      release: () => disturb(() => void (leases.get(key)?.id === id && leases.delete(key))),
    };
  }

  function makeStore(): TokenStore {
    return {
      // It says that it is one of this process's memory: no key has to be derived at length.
      ...memoryStore(),
      get: (key) => disturb(() => read(key)),
      set: (key, value, { lease } = {}) => disturb(() => write(key, value, lease)),
      delete: (key, expected) => disturb(() => (expected === undefined || entries.get(key) === expected) && entries.delete(key)),
      tryLock: (key, ttl) => disturb(() => lock(key, ttl)),
    };
  }

  return self;
}
