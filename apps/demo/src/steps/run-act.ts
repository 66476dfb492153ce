import { isAuthError } from '@x/auth-core';

import type { Vendor } from '../vendors/vendor.ts';
import { type Act, check } from './step.ts';

/** How one act with one vendor went. */
export interface Result {
  readonly vendor: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What was done, why it failed or why it was skipped. */
  readonly did: string;
  readonly notes: readonly string[];
  /** Logins that the vendor saw meanwhile. */
  readonly logins: number;
  /** Milliseconds. */
  readonly duration: number;
  /** The `AuthError.code` of a failure that has one. */
  readonly code?: string;
}

/** Runs an act, counts the logins that it caused, and judges it. Never throws. */
export async function runAct(act: Act, vendor: Vendor): Promise<Result> {
  const before = vendor.logins();
  const began = performance.now();
  const measure = (): Pick<Result, 'logins' | 'duration'> => ({
    logins: vendor.logins() - before,
    duration: Math.round((performance.now() - began) * 1_000) / 1_000,
  });
  try {
    const done = await act(vendor);
    if ('skipped' in done) return skip(vendor, done.skipped);
    const { did, notes = [], logins } = done;
    const cost = measure();
    check(cost.logins === logins, `${did}, but it took ${cost.logins} logins instead of ${logins}`);
    return { vendor: vendor.label, outcome: 'ok', did, notes, ...cost };
  } catch (error) {
    return { vendor: vendor.label, outcome: 'failed', ...describe(error), ...measure() };
  }
}

/** The result of an act that is not run. */
export function skip(vendor: Vendor, why: string): Result {
  return { vendor: vendor.label, outcome: 'skipped', did: why, notes: [], logins: 0, duration: 0 };
}

function describe(error: unknown): Pick<Result, 'did' | 'notes' | 'code'> {
  if (isAuthError(error)) return { did: error.code, notes: [error.message], code: error.code };
  return { did: 'not as it should be', notes: [error instanceof Error ? error.message : String(error)] };
}
