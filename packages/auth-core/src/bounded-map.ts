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

/**
 * A map that holds at most `max` entries and drops the least recently used one first. A use costs one number, whatever the size: the entries are put in
 * order only when some have to go, and that order serves until all of it was dropped or used.
 *
 * Values and numbers stand in lists, by slot: an object for each entry would lie anywhere in memory, and to reach it costs more than the look-up.
 */
export function createBoundedMap<Value>(max: number): BoundedMap<Value> {
  const slots = new Map<string, number>();
  const values: (Value | undefined)[] = [];
  /** The number of the last use of each slot, counted over all of them. */
  const usedAt: number[] = [];
  const freeSlots: number[] = [];
  let uses = 0;
  /** The keys at the use `orderedAt`, the one that was used longest ago last. */
  let newestFirst: string[] = [];
  let orderedAt = 0;

  function order(): void {
    orderedAt = uses;
    newestFirst = Array.from(slots)
      .toSorted(([, a], [, b]) => lastUse(b) - lastUse(a))
      .map(([key]) => key);
  }

  function lastUse(slot: number | undefined): number {
    return slot === undefined ? Infinity : (usedAt[slot] ?? Infinity);
  }

  function dropOldest(): void {
    if (newestFirst.length === 0) order();
    const key = newestFirst.pop() ?? '';
    // What was used since then is not the oldest; what was removed is gone.
    if (lastUse(slots.get(key)) <= orderedAt) remove(key);
  }

  function remove(key: string): boolean {
    const slot = slots.get(key);
    if (slot === undefined) return false;
    values[slot] = undefined;
    freeSlots.push(slot);
    return slots.delete(key);
  }

  return {
    get(key) {
      const slot = slots.get(key);
      if (slot === undefined) return undefined;
      usedAt[slot] = uses += 1;
      return values[slot];
    },
    has: (key) => slots.has(key),
    set(key, value) {
      const slot = slots.get(key) ?? freeSlots.pop() ?? values.length;
      slots.set(key, slot);
      values[slot] = value;
      usedAt[slot] = uses += 1;
      while (slots.size > max) dropOldest();
    },
    delete: remove,
    get size() {
      return slots.size;
    },
  };
}
