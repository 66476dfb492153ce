import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { times } from '../../packages/auth-core/test/helpers/times.ts';
import { type Fleet, startFleet, startWorker } from './fleet.ts';
import { describeOnEachStore, type StorePlace } from './store-places.ts';
import { waitUntil } from './wait-until.ts';
import type { Job } from './worker.ts';

const rounds = times({ usually: 1, full: 2 });
const processes = 16;
/** What a lease lasts and the longest pause of those who wait are 3,500; a busy machine adds seconds. What is told apart is a lease of twenty seconds. */
const limit = 15_000;

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet(processes - 1);
}, 60_000);
afterAll(() => fleet[Symbol.asyncDispose]());

function killHolders(open: () => Promise<StorePlace>): void {
  it(`when one of 16 processes is killed while it logs in, the others have a token by one login, without waiting for a long lease (times: ${rounds})`, async () => {
    const waits: number[] = [];
    let kind = '';
    for (let round = 0; round < rounds; round += 1) {
      await using place = await open();
      kind = place.spec().kind;
      await using sandbox = await startEsignonSandbox({ singleSession: true });
      const victim = await startWorker();
      try {
        const job: Job = {
          vendor: 'esignon',
          baseUrl: sandbox.url,
          password: 'sandbox-password',
          store: place.spec(),
          requests: 1,
          parallel: 1,
        };
        sandbox.fail({ slow: 60_000 }, { on: 'login' });
        const died = victim.run(job).catch(() => 'killed');
        await waitUntil('the victim logs in', () => sandbox.logins === 1);
        const others = fleet.run(job);
        await victim.kill();
        expect(await died).toBe('killed');
        const outcomes = await others;
        expect(outcomes.flatMap(({ failures, troubles }) => [...failures, ...troubles])).toEqual([]);
        expect(sandbox.logins).toBe(2);
        waits.push(...outcomes.map(({ first }) => first));
      } finally {
        await victim.kill();
      }
    }
    print(kind, waits);
    expect(Math.max(...waits)).toBeLessThan(limit);
  }, 60_000);
}

function print(kind: string, waits: readonly number[]): void {
  const sorted = waits.toSorted((a, b) => a - b);
  const [least = 0, median = 0, most = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  console.log(
    `holder killed ${rounds} times (${kind}), ${waits.length} waits: ` +
      `least ${least.toFixed(0)} ms, median ${median.toFixed(0)} ms, most ${most.toFixed(0)} ms`,
  );
}

describeOnEachStore('a holder that is killed', killHolders);
