/** The middle of some samples, and where their middle half lies. */
export interface Spread {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/**
 * The value below which a share of the samples lies, between two samples on the line through them (type 7 of Hyndman and Fan).
 *
 * @throws RangeError where there is no sample.
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) throw new RangeError('there is no quantile of no samples');
  return below + (above - below) * (at - Math.floor(at));
}

export function spreadOf(samples: readonly number[]): Spread {
  return { median: quantile(samples, 0.5), q1: quantile(samples, 0.25), q3: quantile(samples, 0.75) };
}

/** How many times the limit, round by round: what slows a whole round down counts for both. */
export function ratiosTo(limit: readonly number[], samples: readonly number[]): number[] {
  return samples.flatMap((sample, round) => {
    const base = limit[round];
    return base === undefined || base === 0 ? [] : [sample / base];
  });
}
