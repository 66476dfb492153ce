import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { callByCurl, callByPython, type Job, type Outcome } from './callers.ts';
import { proxyOf } from './helpers.ts';

interface Result {
  readonly outcomes: readonly Outcome[];
  /** The names of the workflows that the vendor started. */
  readonly started: readonly string[];
  readonly logins: number;
  readonly revocations: number;
}

/** Twenty callers, half of them curl and half Python, at a vendor that revokes tokens every so many requests, or milliseconds. */
async function callWhileRevoked(
  job: Pick<Job, 'calls' | 'seconds'>,
  every: { readonly requests: number } | { readonly ms: number },
): Promise<Result> {
  let exchanges = 0;
  let revocations = 0;
  const revoke = (): void => {
    sandbox.revoke();
    revocations += 1;
  };
  const onExchange = (): void => {
    exchanges += 1;
    if ('requests' in every && exchanges % every.requests === 0) revoke();
  };
  await using sandbox = await startEsignonSandbox({ onExchange });
  const { companyId, email, password } = sandbox.accounts[0];
  const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url, rejectionBudget: 1000 });
  await using proxy = await proxyOf(provider);
  const timer = 'ms' in every ? setInterval(revoke, every.ms) : undefined;
  const callers = Array.from({ length: 20 }, (_, at) =>
    (at % 2 === 0 ? callByCurl : callByPython)({ ...job, url: proxy.url, key: proxy.key, name: `caller-${at}` }),
  );
  const outcomes = await Promise.all(callers);
  clearInterval(timer);
  return { outcomes, started: sandbox.workflows.map((workflow) => workflow.workflow_name), logins: sandbox.logins, revocations };
}

function expectNothingNoticed({ outcomes, started, logins, revocations }: Result): void {
  const rejected = outcomes.flatMap(({ safe }) => safe).filter((body) => !body.includes('"result_code":"00"'));
  expect(rejected).toEqual([]);
  const unsafe = outcomes.flatMap((outcome) => Object.entries(outcome.unsafe));
  expect(unsafe.filter(([name, body]) => !body.includes(`"workflow_name":"${name}"`))).toEqual([]);
  expect(started.toSorted()).toEqual(unsafe.map(([name]) => name).toSorted());
  expect(logins).toBeLessThanOrEqual(revocations + 1);
  expect(logins).toBeGreaterThan(2);
}

it('20 callers by curl and Python notice nothing of a token that is revoked again and again, and no unsafe call is made twice', async () => {
  expectNothingNoticed(await callWhileRevoked({ calls: 8, seconds: 0 }, { requests: 100 }));
});

it.runIf(process.env['AUTH_TESTS'] === 'full')(
  '20 callers by curl and Python notice nothing of a token that is revoked once a second for a minute, and no unsafe call is made twice',
  async () => {
    const result = await callWhileRevoked({ calls: 1, seconds: 60 }, { ms: 1000 });
    const calls = result.outcomes.reduce((sum, { safe }) => sum + safe.length, 0);
    console.log(`${calls} safe and ${result.started.length} unsafe calls, ${result.revocations} revocations, ${result.logins} logins`);
    expectNothingNoticed(result);
  },
  150_000,
);
