import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { times } from '../../packages/auth-core/test/helpers/times.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { describeOnEachStore, type StorePlace } from './store-places.ts';
import { waitUntil } from './wait-until.ts';
import type { Job, Outcome } from './worker.ts';

const processes = 16;
/** Of each process. */
const requests = times({ usually: 25, full: 100 });
const limit = { timeout: 30_000 };

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet(processes);
}, 60_000);
afterAll(() => fleet[Symbol.asyncDispose]());

const sandboxes = {
  esignon: () => startEsignonSandbox({ singleSession: true }),
  datacomsys: () => startDatacomsysSandbox({ singleSession: true }),
};

function jobAt(vendor: Job['vendor'], baseUrl: string, place: StorePlace): Job {
  return { vendor, baseUrl, password: 'sandbox-password', store: place.spec(), requests, parallel: 4 };
}

function expectNoFailure(outcomes: readonly Outcome[]): void {
  expect(outcomes.flatMap(({ troubles }) => troubles)).toEqual([]);
  expect(outcomes.flatMap(({ failures }) => failures)).toEqual([]);
  expect(outcomes.map(({ succeeded }) => succeeded)).toEqual(outcomes.map(() => requests));
}

function print(what: string, logins: number, outcomes: readonly Outcome[]): void {
  const succeeded = outcomes.reduce((sum, outcome) => sum + outcome.succeeded, 0);
  const failed = outcomes.reduce((sum, { failures }) => sum + failures.length, 0);
  const first = Math.max(...outcomes.map((outcome) => outcome.first));
  console.log(`${what}: ${logins} login(s), ${succeeded} requests answered, ${failed} failed, slowest first answer ${first.toFixed(0)} ms`);
}

describeOnEachStore('16 processes, where a new login ends the older token', (open) => {
  it(`16 processes that start cold log in once for their ${requests} requests each`, limit, async () => {
    await using place = await open();
    await using sandbox = await sandboxes.esignon();
    const outcomes = await fleet.run(jobAt('esignon', sandbox.url, place));
    print(`cold, esignon, ${place.spec().kind}`, sandbox.logins, outcomes);
    expectNoFailure(outcomes);
    expect(sandbox.logins).toBe(1);
  });

  it.each(['esignon', 'datacomsys'] as const)(
    `16 processes whose token is revoked under load log in once more, and none of their ${requests} requests each fails (%s)`,
    limit,
    async (vendor) => {
      await using place = await open();
      await using sandbox = await sandboxes[vendor]();
      const running = fleet.run(jobAt(vendor, sandbox.url, place));
      await waitUntil('half of the requests came', () => sandbox.requests.length >= (processes * requests) / 2);
      sandbox.revoke();
      const outcomes = await running;
      print(`revoked, ${vendor}, ${place.spec().kind}`, sandbox.logins, outcomes);
      expectNoFailure(outcomes);
      expect(sandbox.logins).toBe(2);
    },
  );

  it('16 processes that all have an old password bother the vendor with it once', limit, async () => {
    await using place = await open();
    await using sandbox = await startEsignonSandbox({ singleSession: true });
    const outcomes = await fleet.run({ ...jobAt('esignon', sandbox.url, place), password: 'last-years', requests: 3, parallel: 1 });
    print(`wrong password, ${place.spec().kind}`, sandbox.logins, outcomes);
    expect(sandbox.logins).toBe(1);
    const failures = outcomes.flatMap((outcome) => outcome.failures);
    expect(failures.filter((failure) => failure === 'INVALID_CREDENTIALS')).toHaveLength(1);
    expect(failures.filter((failure) => failure === 'COOLING_DOWN')).toHaveLength(processes * 3 - 1);
  });
});
