import { authInterceptor, memoryStore, type VendorProtocol } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent, type Dispatcher, fetch as undiciFetch, getGlobalDispatcher, interceptors, request, setGlobalDispatcher } from 'undici';
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

describe('the global dispatcher', () => {
  it("the interceptor as the global dispatcher never catches its own provider's login", async () => {
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
  ])('the interceptor as the global dispatcher lets a login through that its author wrote with $how', async ({ post }) => {
    await using vendor = await startEsignonSandbox();
    const { companyId, email, password } = vendor.accounts[0];
    const protocol: VendorProtocol = {
      name: 'homemade',
      baseUrl: vendor.url,
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

describe('with several accounts of one vendor behind one global dispatcher', () => {
  it("behind one global dispatcher, a login bears no other account's token, and its refusal renews none", async () => {
    await using vendor = await startEsignonSandbox({
      accounts: [
        { companyId: 'one', email: 'one@example.com', password: 'right' },
        { companyId: 'two', email: 'two@example.com', password: 'right' },
      ],
    });
    const one = createEsignonTokenProvider({ companyId: 'one', email: 'one@example.com', password: 'right', baseUrl: vendor.url });
    const two = createEsignonTokenProvider({ companyId: 'two', email: 'two@example.com', password: 'wrong', baseUrl: vendor.url });
    setGlobalDispatcher(agent.compose(authInterceptor(one)));
    await one.getToken();
    await expect(two.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(vendor.logins).toBe(2);
    expect(vendor.requests.every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
  });

  it('behind one global dispatcher, two providers of one account and one store do not wait for each other', async () => {
    await using vendor = await startEsignonSandbox();
    const { companyId, email, password } = vendor.accounts[0];
    const options = { companyId, email, password, baseUrl: vendor.url, store: memoryStore(), timeout: 2_000 };
    const first = createEsignonTokenProvider(options);
    const second = createEsignonTokenProvider(options);
    setGlobalDispatcher(agent.compose(authInterceptor(first)));
    expect(await second.getToken()).toBeDefined();
    expect(vendor.logins).toBe(1);
  });

  it('a request that is redirected or repeated while a login is under way keeps its token', async () => {
    await using vendor = await startEsignonSandbox();
    const { companyId, email, password } = vendor.accounts[0];
    const slow = { ...memoryStore(), set: async () => new Promise<boolean>((resolve) => setTimeout(resolve, 300, true)) };
    const provider = createEsignonTokenProvider({ companyId, email, password, baseUrl: vendor.url, store: slow });
    const dispatcher = agent.compose(authInterceptor(provider), interceptors.redirect({ maxRedirections: 2 }));
    setGlobalDispatcher(dispatcher);
    const first = await provider.getToken();
    // A new login opens a connection of its own and is then held up by the store; the call runs on that connection meanwhile.
    const renewed = provider.getToken({ rejected: first });
    vendor.fail({ redirect: `${vendor.url}/api/v2/company` }, { on: 'call' });
    const call = await request(`${vendor.url}/api/v2/company?first`, { dispatcher });
    expect(await call.body.json()).toMatchObject({ header: { result_code: '00' } });
    await renewed;
  });
});
