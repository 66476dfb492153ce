/** Takes one sample of a contender. */
export type Measure = () => number | Promise<number>;

export type Samples = Record<string, number[]>;

export interface RoundsOptions {
  readonly rounds: number;
  /** Rounds that are not counted. */
  readonly warmUp: number;
}

/**
 * Measures the contenders by turns, in each round in another order: a machine whose speed drifts slows all of them down, and none always follows
 * the same other.
 */
export async function interleave(contenders: Readonly<Record<string, Measure>>, { rounds, warmUp }: RoundsOptions): Promise<Samples> {
  const entries = Object.entries(contenders);
  const samples: Samples = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    const first = (round + warmUp) % entries.length;
    for (const [name, measure] of [...entries.slice(first), ...entries.slice(0, first)]) {
      const sample = await measure();
      if (round >= 0) samples[name]?.push(sample);
    }
  }
  return samples;
}

/** The samples of several processes, in one row for each contender. */
export function joinSamples(all: readonly Samples[]): Samples {
  const joined: Samples = {};
  for (const samples of all) {
    for (const [name, values] of Object.entries(samples)) joined[name] = [...(joined[name] ?? []), ...values];
  }
  return joined;
}
