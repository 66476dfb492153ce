import { type AccessToken, authInterceptor, createAuthFetch, memoryStore, type TokenProvider } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { describe, expect, it } from 'vitest';

import { times } from '../../packages/auth-core/test/helpers/times.ts';
import { agentOf, withEachUndici } from '../../packages/auth-core/test/helpers/undici-versions.ts';

/** What both sandboxes have. */
interface Vendor extends AsyncDisposable {
  readonly url: string;
  readonly logins: number;
  revoke(token?: string): void;
  fail(fault: { slow: number }, options: { on: 'call' }): void;
}

interface Setup {
  readonly vendor: Vendor;
  readonly provider: TokenProvider;
  /** The first protected call. */
  readonly path: string;
  /** Whether an answer is the good one. */
  isGood(body: unknown): boolean;
}

function hasPath(body: unknown, ...path: string[]): boolean {
  let value = body;
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return value !== undefined;
}

const vendors = {
  eSignon: async (singleSession: boolean): Promise<Setup> => {
    const vendor = await startEsignonSandbox({ singleSession });
    const { companyId, email, password } = vendor.accounts[0];
    const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: vendor.url });
    return { vendor, provider, path: '/api/v2/company', isGood: (body) => hasPath(body, 'body', 'name') };
  },
  'DataComSys, rejecting by status': async (singleSession: boolean): Promise<Setup> => datacomsys(singleSession, 'status'),
  'DataComSys, rejecting in the envelope': async (singleSession: boolean): Promise<Setup> => datacomsys(singleSession, 'envelope'),
};

async function datacomsys(singleSession: boolean, rejection: 'status' | 'envelope'): Promise<Setup> {
  const vendor = await startDatacomsysSandbox({ singleSession, rejection });
  const { codePort, idERP, password } = vendor.accounts[0];
  const provider = createDatacomsysTokenProvider({ codePort, idERP, password, baseUrl: vendor.url });
  return { vendor, provider, path: '/account', isGood: (body) => hasPath(body, 'data', 'portName') };
}

type Call = (path: string) => Promise<unknown>;

const requests = times({ usually: 50, full: 200 });

function describeRevocation(way: string, connect: (setup: Setup) => Call): void {
  describe.each(Object.entries(vendors))(`by ${way}, %s`, (vendor, start) => {
    it.each([false, true])(
      `${requests} requests by ${way} with a token that was just revoked all succeed, and cost one login (${vendor}, single session: %s)`,
      async (single) => {
        const setup = await start(single);
        await using sandbox = setup.vendor;
        const call = connect(setup);
        expect(setup.isGood(await call(setup.path))).toBe(true);
        expect(sandbox.logins).toBe(1);

        sandbox.revoke();
        // Their rejections arrive one after the other: many after the new login, as stragglers.
        for (let request = 0; request < requests; request += 1) sandbox.fail({ slow: request * 1.5 }, { on: 'call' });
        const answers = await Promise.all(Array.from({ length: requests }, () => call(setup.path)));
        expect(answers.filter((answer) => setup.isGood(answer))).toHaveLength(requests);
        expect(sandbox.logins).toBe(2);
      },
    );
  });
}

withEachUndici((undici) => {
  describeRevocation('the interceptor', ({ provider, vendor }) => {
    const dispatcher = agentOf(undici).compose(authInterceptor(provider));
    return async (path) => (await undici.request(vendor.url + path, { dispatcher })).body.json();
  });
});

describeRevocation('createAuthFetch', ({ provider, vendor }) => {
  const authFetch = createAuthFetch(provider, { baseUrl: vendor.url });
  return async (path) => (await authFetch(path)).json();
});

it('two providers whose logins end each other’s tokens share one token through their store, and log in once', async () => {
  await using vendor = await startEsignonSandbox({ singleSession: true });
  const { companyId, email, password } = vendor.accounts[0];
  const store = memoryStore();
  const providers = [1, 2].map(() => createEsignonTokenProvider({ companyId, email, password, baseUrl: vendor.url, store }));
  const tokens = new Set<AccessToken['value']>();
  for (let round = 0; round < 20; round += 1) {
    for (const provider of providers) {
      const answer = await createAuthFetch(provider, { baseUrl: vendor.url })('/api/v2/company');
      expect(await answer.json()).toMatchObject({ header: { result_code: '00' } });
      tokens.add((await provider.getToken()).value);
    }
  }
  expect(vendor.logins).toBe(1);
  expect(tokens.size).toBe(1);
});
