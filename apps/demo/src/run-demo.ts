import { allSteps } from './steps/all-steps.ts';
import { type Result, runAct, skip } from './steps/run-act.ts';
import type { Step } from './steps/step.ts';
import { openDatacomsys } from './vendors/datacomsys.ts';
import type { Environment } from './vendors/environment.ts';
import { openEsignon } from './vendors/esignon.ts';
import type { Vendor } from './vendors/vendor.ts';

/** Is told what happens, as it happens. */
export interface Reporter {
  start(vendors: readonly Vendor[]): void;
  step(step: Step, number: number): void;
  result(result: Result, step: Step): void;
  end(summary: Summary): void;
}

/** How it all went. */
export interface Summary {
  readonly ok: boolean;
  readonly failed: number;
  readonly skipped: number;
  /** With the logins that each vendor saw, from first to last. */
  readonly vendors: readonly { readonly label: string; readonly url: string; readonly sandbox: boolean; readonly logins: number }[];
}

/**
 * Runs every step with every vendor; all sandboxes are closed in the end.
 *
 * @throws AuthError `CONFIG` where the environment names only some of a vendor's credentials, or wrong ones.
 */
export async function runDemo(env: Environment, reporter: Reporter): Promise<Summary> {
  await using esignon = await openEsignon(env);
  await using datacomsys = await openDatacomsys(env);
  const vendors = [esignon, datacomsys];
  reporter.start(vendors);
  const results: Result[] = [];
  for (const [index, step] of allSteps.entries()) {
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

/** A vendor with whom something failed is left alone from then on: above all, a real one must not get a refused password again. */
async function* runStep(step: Step, vendors: readonly Vendor[], results: readonly Result[]): AsyncGenerator<Result> {
  for (const vendor of vendors) {
    for (const act of step.acts) {
      const failed = results.some(({ vendor: label, outcome }) => label === vendor.label && outcome === 'failed');
      yield failed ? skip(vendor, 'something failed before') : await runAct(act, vendor);
    }
  }
}

function sumUp(vendors: readonly Vendor[], results: readonly Result[]): Summary {
  const count = (outcome: Result['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  const failed = count('failed');
  // A login that no step accounts for would be one too many.
  const accounted = vendors.every((vendor) => {
    const own = results.filter((result) => result.vendor === vendor.label);
    return own.reduce((sum, result) => sum + result.logins, 0) === vendor.logins();
  });
  return {
    ok: failed === 0 && accounted,
    failed,
    skipped: count('skipped'),
    vendors: vendors.map((vendor) => ({
      label: vendor.label,
      url: vendor.url,
      sandbox: vendor.sandbox !== undefined,
      logins: vendor.logins(),
    })),
  };
}
