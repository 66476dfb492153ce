import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { callByCurl, callByPython, type Job, type Outcome } from './callers.ts';
import { proxyOf } from './helpers.ts';

interface Result {
  /** The answers to safe calls that were not good. */
  readonly rejected: string[];
  /** The answers to unsafe calls that were not good. */
  readonly undone: string[];
  /** Unsafe calls that the vendor carried out more than once, or although the caller heard otherwise. */
  readonly surplus: string[];
  readonly calls: number;
  readonly logins: number;
  readonly revocations: number;
}

/**
 * The tokens are revoked as often as this, but not before so many requests have come since the last time: a call that is rejected twice, since a busy machine
 * took longer than that for its repetition, is none that a proxy could save.
 */
interface Pace {
  readonly requests: number;
  readonly ms: number;
}

/** Twenty callers, half of them curl and half Python, at a vendor that keeps revoking tokens. */
async function callWhileRevoked(job: Pick<Job, 'calls' | 'seconds'>, pace: Pace): Promise<Result> {
  let [since, last, revocations] = [0, performance.now(), 0];
  const onExchange = (): void => {
    since += 1;
    if (since < pace.requests || performance.now() - last < pace.ms) return;
    sandbox.revoke();
    [since, last, revocations] = [0, performance.now(), revocations + 1];
  };
  await using sandbox = await startEsignonSandbox({ onExchange });
  const { companyId, email, password } = sandbox.accounts[0];
  const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url, rejectionBudget: 1000 });
  await using proxy = await proxyOf(provider);
  const callers = Array.from({ length: 20 }, (_, at) =>
    (at % 2 === 0 ? callByCurl : callByPython)({ ...job, url: proxy.url, key: proxy.key, name: `caller-${at}` }),
  );
  const started = () => sandbox.workflows.map((workflow) => workflow.workflow_name);
  return { ...judge(await Promise.all(callers), started()), logins: sandbox.logins, revocations };
}

function judge(outcomes: readonly Outcome[], started: string[]): Pick<Result, 'rejected' | 'undone' | 'surplus' | 'calls'> {
  const safe = outcomes.flatMap((outcome) => outcome.safe);
  const unsafe = outcomes.flatMap((outcome) => Object.entries(outcome.unsafe));
  const done = new Set(unsafe.filter(([name, body]) => body.includes(`"workflow_name":"${name}"`)).map(([name]) => name));
  return {
    rejected: safe.filter((body) => !body.includes('"result_code":"00"')),
    undone: unsafe.filter(([name]) => !done.has(name)).map(([name, body]) => `${name}: ${body}`),
    // What is told as done is taken away once; whatever is left was done too often.
    surplus: started.filter((name) => !done.delete(name)),
    calls: safe.length + unsafe.length,
  };
}

it('20 callers by curl and Python notice nothing of a token that is revoked again and again, and no unsafe call is made twice', async () => {
  const result = await callWhileRevoked({ calls: 4, seconds: 0 }, { requests: 60, ms: 0 });
  expect(result).toMatchObject({ rejected: [], undone: [], surplus: [], calls: 160 });
  expect(result.revocations).toBeGreaterThan(1);
  expect(result.logins).toBeLessThanOrEqual(result.revocations + 1);
});

it.runIf(process.env['AUTH_TESTS'] === 'full')(
  '20 callers by curl and Python notice nothing of a token that is revoked once a second for a minute, and no unsafe call is made twice',
  async () => {
    const result = await callWhileRevoked({ calls: 1, seconds: 60 }, { requests: 45, ms: 1000 });
    console.log(`${result.calls} calls, ${result.revocations} revocations, ${result.logins} logins`);
    expect(result).toMatchObject({ rejected: [], undone: [], surplus: [] });
    expect(result.logins).toBeLessThanOrEqual(result.revocations + 1);
  },
  150_000,
);
