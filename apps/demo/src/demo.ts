import { readFile } from 'node:fs/promises';

import type { Reporter, Result } from './report.ts';
import { type Act, check, steps } from './steps.ts';
import { openVendors, type Vendor } from './vendors.ts';

/** Runs every step with every vendor, and closes the sandboxes at the end. Returns whether everything was as expected. */
export async function runDemo(reporter: Reporter): Promise<boolean> {
  const vendors = await openVendors();
  const results: Result[] = [];
  reporter.start();
  for (const [index, step] of steps.entries()) {
    reporter.step(step, index + 1);
    for (const vendor of vendors) {
      for (const act of step.acts) {
        const result = await runAct(act, vendor);
        results.push(result);
        reporter.result(result);
      }
    }
  }
  await Promise.all(vendors.map(({ sandbox }) => sandbox.close()));
  // What is shown is what ran.
  const code = await readFile(new URL('esignon.ts', import.meta.url), 'utf8');
  const failed = results.filter(({ ok }) => !ok).length;
  reporter.end({ code, failed, logins: vendors.map(({ label, sandbox: { logins } }) => ({ label, logins })) });
  return failed === 0;
}

/** Runs an act, measures it and checks how many logins it caused. Never throws. */
export async function runAct(act: Act, { label, sandbox, ...vendor }: Vendor): Promise<Result> {
  const before = sandbox.logins;
  const began = performance.now();
  const cost = (): Pick<Result, 'vendor' | 'logins' | 'duration'> => ({
    vendor: label,
    logins: sandbox.logins - before,
    duration: performance.now() - began,
  });
  try {
    const { did, notes = [], logins } = await act({ label, sandbox, ...vendor });
    const done = cost();
    check(done.logins === logins, `${did}, but with ${done.logins} logins instead of ${logins}`);
    return { ...done, ok: true, did, notes };
  } catch (error) {
    return { ...cost(), ok: false, did: 'not as expected', notes: [error instanceof Error ? error.message : String(error)] };
  }
}
