/** A map of at most so many entries. */
export interface BoundedMap<Value> {
  /** Counts as a use. */
  get(key: string): Value | undefined;
  /** Does not count as a use. */
  has(key: string): boolean;
  /** Counts as a use. */
  set(key: string, value: Value): void;
  delete(key: string): boolean;
  readonly size: number;
}

interface Entry<Value> {
  readonly value: Value;
  /** The number of the last use, counted over all entries. */
  usedAt: number;
}

/**
 * A map that holds at most `max` entries and drops the least recently used one first. A use costs one number, whatever the size: the entries are put in
 * order only when some have to go, and that order serves until all of it was dropped or used.
 */
export function createBoundedMap<Value>(max: number): BoundedMap<Value> {
  const entries = new Map<string, Entry<Value>>();
  let uses = 0;
  /** The keys at the use `orderedAt`, the one that was used longest ago last. */
  let newestFirst: string[] = [];
  let orderedAt = 0;

  function order(): void {
    orderedAt = uses;
    newestFirst = Array.from(entries)
      .toSorted(([, a], [, b]) => b.usedAt - a.usedAt)
      .map(([key]) => key);
  }

  function dropOldest(): void {
    if (newestFirst.length === 0) order();
    const key = newestFirst.pop() ?? '';
    // What was used since then is not the oldest; what was removed is gone.
    if ((entries.get(key)?.usedAt ?? Infinity) <= orderedAt) entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry !== undefined) entry.usedAt = uses += 1;
      return entry?.value;
    },
    has: (key) => entries.has(key),
    set(key, value) {
      entries.set(key, { value, usedAt: (uses += 1) });
      while (entries.size > max) dropOldest();
    },
    delete: (key) => entries.delete(key),
    get size() {
      return entries.size;
    },
  };
}
