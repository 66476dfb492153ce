import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mustSkipWithoutRedis, startRedisServer } from '../../packages/auth-store-redis/test/redis-server.ts';
import { type Fleet, startFleet, type Worker } from './fleet.ts';
import { waitUntil } from './wait-until.ts';
import type { Job } from './worker.ts';

const processes = 3;

/** Every process gets on by so many requests. */
async function getOn(workers: readonly Worker[], requests: number): Promise<void> {
  const goals = workers.map(({ progress }) => progress.succeeded + requests);
  await waitUntil(`${requests} more requests each`, () =>
    workers.every(({ progress }, index) => progress.succeeded >= (goals[index] ?? 0)),
  );
}

describe.skipIf(mustSkipWithoutRedis('the outage of Redis'))('an outage of Redis under load', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet(processes);
  }, 30_000);
  afterAll(() => fleet[Symbol.asyncDispose]());

  it.each([
    { client: 'queues for ever while it is offline, as it does by default', disableOfflineQueue: false },
    { client: 'fails at once while it is offline', disableOfflineQueue: true },
  ])('an outage of Redis under load costs no request where the client $client', { timeout: 60_000 }, async ({ disableOfflineQueue }) => {
    await using redis = await startRedisServer();
    await using sandbox = await startEsignonSandbox();
    const job: Job = {
      vendor: 'esignon',
      baseUrl: sandbox.url,
      password: 'sandbox-password',
      store: { kind: 'redis', url: redis.url, disableOfflineQueue },
      requests: 'until told',
      parallel: 2,
      requestsPerProvider: 10,
      options: { storeTimeout: 300 },
    };
    const troubles = (): number => fleet.workers.reduce((sum, { progress }) => sum + progress.troubles, 0);

    const running = fleet.run(job);
    await getOn(fleet.workers, 40);
    const before = { logins: sandbox.logins, troubles: troubles() };
    await redis.stop();
    await getOn(fleet.workers, 20);
    // The worst that may happen besides: everybody needs a new token, and there is no store to share it through.
    sandbox.revoke();
    await getOn(fleet.workers, 20);
    const during = { logins: sandbox.logins, troubles: troubles() };
    await redis.start();
    // Tokens from the store are in use again once new providers no longer log in.
    let settled = sandbox.logins;
    await waitUntil('the store is used again', async () => {
      settled = sandbox.logins;
      await getOn(fleet.workers, 40);
      return sandbox.logins === settled;
    });
    for (const worker of fleet.workers) worker.stop();
    const outcomes = await running;

    const answered = outcomes.reduce((sum, { succeeded }) => sum + succeeded, 0);
    console.log(
      `Redis stopped and started (offline queue ${disableOfflineQueue ? 'off' : 'on'}): ${answered} requests answered, ` +
        `${outcomes.flatMap(({ failures }) => failures).length} failed; logins before ${before.logins}, until its return ${during.logins}, ` +
        `in all ${sandbox.logins}; ${during.troubles} troubles with the store told`,
    );
    expect(outcomes.flatMap(({ failures }) => failures)).toEqual([]);
    expect(during.troubles).toBeGreaterThan(before.troubles);
    expect(during.logins).toBeGreaterThan(before.logins);
  });
});
