import { authInterceptor, createTokenProvider, type VendorProtocol } from '@x/auth-core';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent, type Dispatcher, fetch as undiciFetch, getGlobalDispatcher, request, setGlobalDispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let before: Dispatcher = getGlobalDispatcher();
let agent = new Agent();
beforeEach(() => {
  before = getGlobalDispatcher();
  agent = new Agent();
});
afterEach(async () => {
  setGlobalDispatcher(before);
  await agent.close();
});

describe('as the global dispatcher, the interceptor', () => {
  it("never catches its own provider's login", async () => {
    await using vendor = await startEsignonSandbox();
    const { companyId, email, password } = vendor.accounts[0];
    const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: vendor.url });
    setGlobalDispatcher(agent.compose(authInterceptor(provider)));
    const { body } = await request(`${vendor.url}/api/v2/company`);
    expect(await body.json()).toMatchObject({ header: { result_code: '00' } });
    vendor.revoke();
    const again = await fetch(`${vendor.url}/api/v2/company`);
    expect(await again.json()).toMatchObject({ header: { result_code: '00' } });
    expect(vendor.logins).toBe(2);
    expect(
      vendor.requests.filter(({ path }) => path.includes('login')).every(({ headers }) => headers['authorization'] === undefined),
    ).toBe(true);
  });

  it.each([
    {
      how: 'undici request',
      post: async (url: string, body: string) => (await request(url, { method: 'POST', body, headers: json })).body.json(),
    },
    {
      how: 'undici fetch',
      post: async (url: string, body: string) => (await undiciFetch(url, { method: 'POST', body, headers: json })).json(),
    },
    {
      how: 'the global fetch',
      post: async (url: string, body: string) => (await fetch(url, { method: 'POST', body, headers: json })).json(),
    },
  ])('lets a login through that its author wrote with $how', async ({ post }) => {
    await using vendor = await startEsignonSandbox();
    const { companyId, email, password } = vendor.accounts[0];
    const protocol: VendorProtocol = {
      name: 'homemade',
      origins: [vendor.url],
      identity: email,
      secret: () => password,
      isRejection: (probe) => probe.status === 401,
      async login({ secret }) {
        // Work of any shape in between must not lose the login's scope.
        await new Promise((resolve) => setImmediate(resolve));
        const message = { header: { request_code: '1001Q' }, body: { memb_email: email, memb_pwd: secret } };
        const answer = await post(`${vendor.url}/api/${companyId}/login`, JSON.stringify(message));
        return { value: (answer as { body: { access_token: string } }).body.access_token, scheme: 'esignon' };
      },
    };
    const provider = createTokenProvider(protocol, { timeout: 2_000, retries: 0 });
    setGlobalDispatcher(agent.compose(authInterceptor(provider)));
    const { body } = await request(`${vendor.url}/api/v2/company`);
    expect(await body.json()).toMatchObject({ header: { result_code: '00' } });
    expect(vendor.logins).toBe(1);
  });
});

const json = { 'content-type': 'application/json' };
