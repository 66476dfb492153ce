/** Chance that can be repeated: the same seed brings the same numbers. */
export interface Chance {
  /** From [0, 1). */
  next(): number;
  /** Whether something happens that happens in so many of a hundred cases. */
  percent(share: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<const Option>(options: readonly [Option, ...Option[]]): Option;
  /** Another source, which depends on this one's seed and the name alone. */
  fork(name: string): Chance;
}

/** The generator "mulberry32": 32 bits of state are enough here. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    percent: (share) => next() * 100 < share,
    between,
    pick: (options) => options[between(0, options.length - 1)] ?? options[0],
    fork: (name) => chanceFrom(Array.from(name).reduce((hash, char) => Math.imul(hash, 31) + (char.codePointAt(0) ?? 0), seed)),
  };
}
