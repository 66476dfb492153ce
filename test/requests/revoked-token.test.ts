import { type AccessToken, authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent } from 'undici';
import { Agent as Agent7 } from 'undici7';
import { describe, expect, it } from 'vitest';

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
  'DataComSys, refusing by status': async (singleSession: boolean): Promise<Setup> => datacomsys(singleSession, 'status'),
  'DataComSys, refusing in the envelope': async (singleSession: boolean): Promise<Setup> => datacomsys(singleSession, 'envelope'),
};

async function datacomsys(singleSession: boolean, rejection: 'status' | 'envelope'): Promise<Setup> {
  const vendor = await startDatacomsysSandbox({ singleSession, rejection });
  const { codePort, idERP, password } = vendor.accounts[0];
  const provider = createDatacomsysTokenProvider({ codePort, idERP, password, baseUrl: vendor.url });
  return { vendor, provider, path: '/account', isGood: (body) => hasPath(body, 'data', 'portName') };
}

type Call = (path: string) => Promise<unknown>;

const ways: Record<string, (setup: Setup) => { call: Call; close(): Promise<void> }> = {
  'the interceptor on undici 8': ({ provider, vendor }) => {
    const agent = new Agent();
    const dispatcher = agent.compose(authInterceptor(provider));
    const call: Call = async (path) => (await dispatcher.request({ origin: vendor.url, path, method: 'GET' })).body.json();
    return { call, close: () => agent.close() };
  },
  'the interceptor on undici 7': ({ provider, vendor }) => {
    const agent = new Agent7();
    // The types of one undici do not fit those of the other.
    const dispatcher = agent.compose(authInterceptor(provider) as never);
    const call: Call = async (path) => (await dispatcher.request({ origin: vendor.url, path, method: 'GET' })).body.json();
    return { call, close: () => agent.close() };
  },
  'the fetch': ({ provider, vendor }) => {
    const authFetch = createAuthFetch(provider, { baseUrl: vendor.url });
    return { call: async (path) => (await authFetch(path)).json(), close: async () => undefined };
  },
};

describe.each(Object.entries(vendors))('%s', (_vendor, start) => {
  describe.each(Object.entries(ways))('by %s', (_way, connect) => {
    it.each([false, true])(
      '200 requests with a token that was just revoked: one more login, 200 good answers (single session: %s)',
      async (single) => {
        const setup = await start(single);
        await using vendor = setup.vendor;
        const { call, close } = connect(setup);
        expect(setup.isGood(await call(setup.path))).toBe(true);
        expect(vendor.logins).toBe(1);

        vendor.revoke();
        // Their refusals arrive spread over 300 ms: many after the new login, as stragglers.
        for (let request = 0; request < 200; request += 1) vendor.fail({ slow: request * 1.5 }, { on: 'call' });
        const answers = await Promise.all(Array.from({ length: 200 }, () => call(setup.path)));
        expect(answers.filter((answer) => setup.isGood(answer))).toHaveLength(200);
        expect(vendor.logins).toBe(2);
        await close();
      },
    );
  });
});

it('a token that a new login has ended is replaced from another provider without a war', async () => {
  await using vendor = await startEsignonSandbox({ singleSession: true });
  const { companyId, email, password } = vendor.accounts[0];
  const { memoryStore } = await import('@x/auth-core');
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
