import { type AuthErrorCode, isAuthError } from '@x/auth-core';

import type { Measured, Sample, VendorName } from './messages.ts';

/** What became of one call: answered, or the code of its failure. */
export interface Call {
  readonly failure?: AuthErrorCode | 'REJECTED' | 'FAILED' | undefined;
  readonly duration: number;
}

/** Makes one call and measures it. Never rejects. */
export async function measure(call: () => Promise<boolean>): Promise<Call> {
  const began = performance.now();
  const failure = await call().then((ok) => (ok ? undefined : 'REJECTED'), failureOf);
  return { failure, duration: performance.now() - began };
}

function failureOf(error: unknown): Call['failure'] {
  if (isAuthError(error)) return error.code;
  // What fetch rejects with where nobody answers.
  return error instanceof TypeError ? 'NETWORK' : 'FAILED';
}

/** Makes so many calls at once, and counts the logins that they cause. */
export async function measureAll(count: number, call: () => Promise<Call>, logins: () => number): Promise<Measured> {
  const began = performance.now();
  const before = logins();
  const calls = await Promise.all(Array.from({ length: count }, call));
  const failures: Record<string, number> = {};
  for (const { failure } of calls) if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
  const answered = calls.filter(({ failure }) => failure === undefined).length;
  return { logins: logins() - before, answered, duration: performance.now() - began, failures };
}

/** Counts calls, and sums up those since the last sample. */
export interface Meter {
  add(call: Call): void;
  readonly calls: number;
  readonly answered: number;
  sample(vendor: VendorName, at: number): Sample;
}

export function createMeter(): Meter {
  let durations: number[] = [];
  let calls = 0;
  let answered = 0;
  return {
    add({ failure, duration }) {
      calls += 1;
      if (failure === undefined) answered += 1;
      durations.push(duration);
    },
    get calls() {
      return calls;
    },
    get answered() {
      return answered;
    },
    sample(vendor, at) {
      const sorted = durations.toSorted((one, other) => one - other);
      durations = [];
      return { at, vendor, calls: sorted.length, median: sorted[sorted.length >> 1], slowest: sorted.at(-1) };
    },
  };
}
