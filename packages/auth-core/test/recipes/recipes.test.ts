import axios, { type AxiosError } from 'axios';
import got from 'got';
import ky from 'ky';
import createClient from 'openapi-fetch';
import { Agent, getGlobalDispatcher, request, setGlobalDispatcher } from 'undici';
import { expect, onTestFinished, test } from 'vitest';

import { formatAuthorization, type AccessToken } from '../../src/access-token.ts';
import { createAuthFetch } from '../../src/index.ts';
import { authInterceptor } from '../../src/index.ts';
import { GOOD, json, startServer, status401, testProvider, vendor, type TestProvider, type TestServer } from '../requests/helpers.ts';

/** A vendor that revoked the token which the provider holds: every recipe has to renew it and repeat the request. */
async function revoked(refusal: 200 | 401 = 200): Promise<{ server: TestServer; provider: TestProvider }> {
  const server = await startServer(vendor(() => 't2', refusal));
  return { server, provider: testProvider([server.origin]) };
}

function expectOneRepeat(server: TestServer, provider: TestProvider): void {
  expect([provider.logins, server.received.length, server.received[1]?.authorization]).toEqual([1, 2, 'esignon t2']);
  expect(server.received[1]?.body).toBe(server.received[0]?.body);
}

test('undici request', async () => {
  const { server, provider } = await revoked();
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const dispatcher = agent.compose(authInterceptor(provider));
  const { body } = await request(`${server.origin}/api`, { dispatcher, method: 'POST', body: JSON.stringify({ a: 1 }) });
  expect(await body.json()).toMatchObject({ ...GOOD, body: { echo: '{"a":1}' } });
  expectOneRepeat(server, provider);
});

test('undici as the global dispatcher', async () => {
  const { server, provider } = await revoked();
  const before = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(before));
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  setGlobalDispatcher(agent.compose(authInterceptor(provider)));
  expect(await (await request(`${server.origin}/api`)).body.json()).toMatchObject(GOOD);
  expectOneRepeat(server, provider);
});

test('fetch', async () => {
  const { server, provider } = await revoked();
  const authFetch = createAuthFetch(provider, { baseUrl: server.origin });
  const response = await authFetch('/api', { method: 'POST', body: JSON.stringify({ a: 1 }) });
  expect(await response.json()).toMatchObject({ ...GOOD, body: { echo: '{"a":1}' } });
  expectOneRepeat(server, provider);
});

test('openapi-fetch', async () => {
  const { server, provider } = await revoked();
  interface Paths {
    '/api': {
      post: {
        requestBody: { content: { 'application/json': { a: number } } };
        responses: { 200: { content: { 'application/json': typeof GOOD } } };
      };
    };
  }
  const client = createClient<Paths>({ baseUrl: server.origin, fetch: createAuthFetch(provider) });
  const { data } = await client.POST('/api', { body: { a: 1 } });
  expect(data).toMatchObject({ ...GOOD, body: { echo: '{"a":1}' } });
  expectOneRepeat(server, provider);
});

test('ky', async () => {
  const { server, provider } = await revoked();
  const client = ky.create({ fetch: createAuthFetch(provider) });
  expect(await client.post(`${server.origin}/api`, { json: { a: 1 } }).json()).toMatchObject({ ...GOOD, body: { echo: '{"a":1}' } });
  expectOneRepeat(server, provider);
});

test('axios', async () => {
  const { server, provider } = await revoked();
  const client = axios.create({ baseURL: server.origin, adapter: 'fetch', env: { fetch: createAuthFetch(provider) } });
  const { data } = await client.post('/api', { a: 1 });
  expect(data).toMatchObject({ ...GOOD, body: { echo: '{"a":1}' } });
  expectOneRepeat(server, provider);
  // Its errors are its own, and carry what the login said.
  provider.current = undefined;
  provider.login = () => Promise.reject(Object.assign(new Error('no'), { code: 'INVALID_CREDENTIALS' }));
  const error = await client.get('/api').catch((reason: AxiosError) => reason);
  expect(error).toMatchObject({ message: 'no' });
});

test('got', async () => {
  const { server, provider } = await revoked(401);
  const client = got.extend({
    hooks: {
      beforeRequest: [
        async (options) => {
          if (provider.origins.includes(new URL(options.url ?? '').origin))
            options.headers['authorization'] = formatAuthorization(await provider.getToken());
        },
      ],
      afterResponse: [
        async (response, retry) => {
          const sent = response.request.options.context['token'];
          if (
            !provider.isRejection({
              status: response.statusCode,
              header: (name) => String(response.headers[name]),
              body: response.body as string,
              complete: true,
            })
          )
            return response;
          const token = await provider.getToken({ rejected: sent as AccessToken });
          return retry({ headers: { authorization: formatAuthorization(token) } });
        },
      ],
      init: [(_raw, options) => void (options.context = { token: provider.peekToken() })],
    },
  });
  expect(await client.post(`${server.origin}/api`, { json: { a: 1 } }).json()).toMatchObject({ ...GOOD, body: { echo: '{"a":1}' } });
  expectOneRepeat(server, provider);
});

test('the plain header, for anything else', async () => {
  const server = await startServer(vendor(() => 't1'));
  const provider = testProvider([server.origin]);
  const response = await fetch(server.origin, { headers: { authorization: formatAuthorization(await provider.getToken()) } });
  expect(await response.json()).toMatchObject(GOOD);
});

test('many accounts on one origin: one composed dispatcher each, over one Agent', async () => {
  const server = await startServer(({ authorization }, response) => json(response, 200, { authorization }));
  const agent = new Agent({ connections: 1 });
  onTestFinished(() => agent.destroy());
  const accounts = ['a', 'b', 'c'].map((name) => {
    const provider = testProvider([server.origin], status401, false);
    provider.logins = name.charCodeAt(0);
    return agent.compose(authInterceptor(provider));
  });
  const answers = await Promise.all(accounts.map(async (dispatcher) => (await request(server.origin, { dispatcher })).body.json()));
  expect(answers).toEqual(['t99', 't100', 't101'].map((value) => ({ authorization: `esignon ${value}` })));
  expect(server.connections()).toBe(1);
});
