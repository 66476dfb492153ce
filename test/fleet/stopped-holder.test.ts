import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { startFleet, startWorker, type Worker } from './fleet.ts';
import { describeOnEachStore } from './store-places.ts';
import { waitUntil } from './wait-until.ts';
import type { Job } from './worker.ts';

/** Longer than a lease lasts, in milliseconds. */
const absence = 5_000;

const absences: readonly [how: string, (holder: Worker) => void | Promise<void>][] = [
  ['is blocked', (holder) => holder.block(absence)],
  ['is stopped and continued', (holder) => holder.suspend(absence)],
];

// At once: most of the time nothing is done but wait for the holder to come back.
describeOnEachStore(
  'a holder that is away for longer than its lease lasts',
  (open) => {
    it.each(absences)(
      'a holder that %s for 5 seconds in its login overwrites no newer token, and no request fails',
      async (how, leave) => {
        await using place = await open();
        await using sandbox = await startEsignonSandbox({ singleSession: true });
        await using fleet = await startFleet(3);
        const holder = await startWorker();
        try {
          const job: Job = {
            vendor: 'esignon',
            baseUrl: sandbox.url,
            password: 'sandbox-password',
            store: place.spec(),
            requests: 20,
            parallel: 2,
          };
          sandbox.fail({ slow: 1_000 }, { on: 'login' });
          const late = holder.run(job);
          await waitUntil('the holder logs in', () => sandbox.logins === 1);
          const back = leave(holder);
          const others = await fleet.run(job);
          await back;
          const outcomes = [...others, await late];
          const failures = outcomes.flatMap((outcome) => outcome.failures);
          const succeeded = outcomes.reduce((sum, outcome) => sum + outcome.succeeded, 0);
          console.log(
            `holder ${how} (${place.spec().kind}): ${sandbox.logins} logins, ${succeeded} requests answered, ${failures.length} failed`,
          );
          expect(failures).toEqual([]);
          expect(outcomes.flatMap(({ troubles }) => troubles)).toEqual(['set lease lost']);
          // Whoever comes now takes the token that is stored: were it the holder's, which the newer login ended, there would be a third login.
          expect((await fleet.run(job)).flatMap((outcome) => outcome.failures)).toEqual([]);
          expect(sandbox.logins).toBe(2);
        } finally {
          await holder.kill();
        }
      },
      60_000,
    );
  },
  { concurrent: true },
);
