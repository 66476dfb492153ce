import { setTimeout as pause } from 'node:timers/promises';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { times } from '../../packages/auth-core/test/helpers/times.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { describeOnEachStore } from './store-places.ts';
import type { Job } from './worker.ts';

/** Where a process is stopped, and for how long: milliseconds since its job began, before, in and after its login and its lease. */
interface Absence {
  readonly after: number;
  readonly for: number;
  /** How long the vendor takes for the login. */
  readonly login: number;
}

const absence: fc.Arbitrary<Absence> = fc.record({
  after: fc.integer({ min: 0, max: 500 }),
  for: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2_900, max: 4_000 })),
  login: fc.constantFrom(0, 50, 300),
});

const numRuns = times({ usually: 2, full: 12 });

// At once: most of the time nothing is done but wait for the process to come back.
describeOnEachStore(
  'a process that is stopped and continued anywhere',
  (open) => {
    let fleet: Fleet | undefined;
    beforeAll(async () => {
      fleet = await startFleet(3);
    });
    afterAll(() => fleet?.[Symbol.asyncDispose]());

    /** Stops the first process at its job, while the others do the same; returns what failed. */
    async function stopOne(absent: Absence): Promise<string[]> {
      await using place = await open();
      // A login ends the older token: one that overwrote a newer one would be rejected.
      await using sandbox = await startEsignonSandbox({ singleSession: true });
      const [holder, ...others] = fleet?.workers ?? [];
      if (holder === undefined) return ['there is no process'];
      const job: Job = {
        vendor: 'esignon',
        baseUrl: sandbox.url,
        password: 'sandbox-password',
        store: place.spec(),
        requests: 20,
        parallel: 2,
      };
      sandbox.fail({ slow: absent.login }, { on: 'login' });
      const late = holder.run(job);
      await pause(absent.after);
      const back = holder.suspend(absent.for);
      const outcomes = await Promise.all(others.map((worker) => worker.run(job)));
      await back;
      const all = [...outcomes, await late];
      const { logins } = sandbox;
      const afterwards = await Promise.all((fleet?.workers ?? []).map((worker) => worker.run(job)));
      const failures = [...all, ...afterwards].flatMap((outcome) => outcome.failures);
      // Its own, another's while it was away, and one more where its own reached the vendor last and so ended the token that the others had stored.
      const tooMany = logins > 3 ? [`${logins} logins (${all.flatMap(({ troubles }) => troubles).join(', ')})`] : [];
      const overwritten = sandbox.logins > logins ? [`${sandbox.logins - logins} logins afterwards: a newer token was overwritten`] : [];
      return [...failures, ...tooMany, ...overwritten];
    }

    it(
      `whenever a process is stopped and continued, no request fails and no newer token is overwritten (${numRuns} times)`,
      { timeout: numRuns * 15_000 },
      async () => {
        await fc.assert(
          fc.asyncProperty(absence, async (absent) => {
            expect(await stopOne(absent)).toEqual([]);
          }),
          // Each run takes seconds: the first counterexample is told as it is.
          { numRuns, endOnFailure: true },
        );
      },
    );
  },
  { concurrent: true },
);
