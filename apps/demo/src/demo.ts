import { isAuthError } from '@x/auth-core';

import type { Reporter, Result, Summary } from './report.ts';
import { type Act, check, type Step, steps } from './steps.ts';
import { type Environment, openDatacomsys, openEsignon, type Vendor } from './vendors.ts';

/**
 * Runs every step with every vendor, and closes the sandboxes at the end.
 *
 * @throws AuthError `CONFIG` if the environment has only some of a vendor's credentials, or invalid ones.
 */
export async function runDemo(env: Environment, reporter: Reporter): Promise<Summary> {
  await using esignon = await openEsignon(env);
  await using datacomsys = await openDatacomsys(env);
  const vendors = [esignon, datacomsys];
  reporter.start(vendors);
  const results: Result[] = [];
  for (const [index, step] of steps.entries()) {
    reporter.step(step, index + 1);
    for await (const result of runStep(step, vendors, results)) {
      results.push(result);
      reporter.result(result, step);
    }
  }
  const summary = sumUp(vendors, results);
  reporter.end(summary);
  return summary;
}

/** After a failure nothing more is done with that vendor: a real one must not get refused credentials again. */
async function* runStep(step: Step, vendors: readonly Vendor[], results: readonly Result[]): AsyncGenerator<Result> {
  for (const vendor of vendors) {
    for (const act of step.acts) {
      const failed = results.some(({ vendor: label, outcome }) => label === vendor.label && outcome === 'failed');
      yield failed ? skip(vendor, 'something failed before') : await runAct(act, vendor);
    }
  }
}

/** Runs an act, measures it and checks how many logins it caused. Never throws. */
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
    check(cost.logins === logins, `${did}, but with ${cost.logins} logins instead of ${logins}`);
    return { vendor: vendor.label, outcome: 'ok', did, notes, ...cost };
  } catch (error) {
    return { vendor: vendor.label, outcome: 'failed', ...describe(error), ...measure() };
  }
}

function skip(vendor: Vendor, why: string): Result {
  return { vendor: vendor.label, outcome: 'skipped', did: why, notes: [], logins: 0, duration: 0 };
}

function describe(error: unknown): Pick<Result, 'did' | 'notes' | 'code'> {
  if (isAuthError(error)) return { did: error.code, notes: [error.message], code: error.code };
  return { did: 'not as expected', notes: [error instanceof Error ? error.message : String(error)] };
}

function sumUp(vendors: readonly Vendor[], results: readonly Result[]): Summary {
  const count = (outcome: Result['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  const failed = count('failed');
  // A login outside of the steps would be one too many.
  const accounted = vendors.every((vendor) => {
    const own = results.filter((result) => result.vendor === vendor.label);
    return own.reduce((sum, { logins }) => sum + logins, 0) === vendor.logins();
  });
  return {
    ok: failed === 0 && accounted,
    failed,
    skipped: count('skipped'),
    vendors: vendors.map(({ label, url, sandbox, logins }) => ({ label, url, sandbox: sandbox !== undefined, logins: logins() })),
  };
}
