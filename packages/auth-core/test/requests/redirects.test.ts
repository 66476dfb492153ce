import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { describe, expect, onTestFinished, test } from 'vitest';

import { createAuthFetch } from '../../src/index.ts';
import { authInterceptor, type AuthInterceptorOptions } from '../../src/index.ts';
import { GOOD, json, startServer, status401, testProvider, type TestProvider, type TestServer } from './helpers.ts';

// Both versions have the same surface as far as it is used here.
const versions: [string, typeof undici8][] = [
  ['undici 8', undici8],
  ['undici 7', undici7 as unknown as typeof undici8],
];

/** A vendor that redirects to wherever the path says, and a stranger that sends whoever comes back to the vendor's /private. */
async function startBoth(): Promise<{ vendor: TestServer; stranger: TestServer }> {
  const vendor: TestServer = await startServer(({ url, authorization }, response) => {
    const target = new URL(url, 'http://x').searchParams.get('to');
    if (target !== null) response.writeHead(307, { location: target }).end();
    else json(response, authorization === undefined || (url === '/second' && authorization !== 'esignon t2') ? 401 : 200, GOOD);
  });
  const stranger = await startServer(({ url }, response) => {
    if (url === '/back') response.writeHead(307, { location: `${vendor.origin}/private` }).end();
    else json(response, 401, {});
  });
  return { vendor, stranger };
}

const to = (target: string): string => `/?to=${encodeURIComponent(target)}`;

describe.each(versions)('redirects on %s', (_name, undici) => {
  const redirect = undici.interceptors.redirect({ maxRedirections: 5 });
  const retry = undici.interceptors.retry();
  type Make = (auth: undici8.Dispatcher.DispatcherComposeInterceptor) => undici8.Dispatcher.DispatcherComposeInterceptor[];
  const setups: [string, Make][] = [
    ['redirect inside', (auth) => [redirect, auth]],
    ['redirect outside', (auth) => [auth, redirect]],
    ['redirect and retry inside', (auth) => [redirect, retry, auth]],
    ['redirect and retry outside', (auth) => [auth, retry, redirect]],
  ];

  describe.each(setups)('with %s', (_setup, make) => {
    test.each([{ headers: { 'x-mark': '1' } }, { headers: ['x-mark', '1'] }, { headers: new Map([['x-mark', '1']]) }])(
      'the header does not reach another origin ($headers)',
      async ({ headers }) => {
        const { vendor, stranger } = await startBoth();
        const provider = testProvider([vendor.origin], status401);
        const agent = new undici.Agent();
        onTestFinished(() => agent.destroy());
        const client = agent.compose(...make(authInterceptor(provider)));
        for (const origin of [vendor.origin, new URL(vendor.origin)]) {
          const { statusCode, body } = await client.request({
            origin,
            path: to(`${stranger.origin}/x`),
            method: 'POST',
            body: 'x',
            headers,
          });
          await body.dump();
          expect(statusCode).toBe(401);
        }
        expect(vendor.received[0]?.authorization).toBe('esignon t1');
        expect(stranger.received.map((request) => request.authorization)).toEqual([undefined, undefined]);
        expect(provider.calls).toEqual([]);
      },
    );

    test('the header stays on the way to the same origin, and a refusal from there is recognised', async () => {
      const { vendor } = await startBoth();
      const provider = testProvider([vendor.origin], status401);
      const agent = new undici.Agent();
      onTestFinished(() => agent.destroy());
      const client = agent.compose(...make(authInterceptor(provider)));
      const { statusCode, body } = await client.request({ origin: vendor.origin, path: to('/second'), method: 'GET' });
      await body.dump();
      expect(statusCode).toBe(200);
      expect(provider.logins).toBe(1);
    });
  });

  test('the header stays also where the origin is given as a URL', async () => {
    const { vendor } = await startBoth();
    const provider = testProvider([vendor.origin], status401);
    const agent = new undici.Agent();
    onTestFinished(() => agent.destroy());
    const client = agent.compose(redirect, authInterceptor(provider));
    const { statusCode, body } = await client.request({ origin: new URL(vendor.origin), path: to('/second'), method: 'GET' });
    await body.dump();
    expect([statusCode, provider.logins]).toEqual([200, 1]);
  });

  test('what was redirected is not done twice: the refusal of where it led is handed out, and the token renewed', async () => {
    const server = await startServer(({ url }, response) => {
      if (url === '/start') response.writeHead(303, { location: '/status' }).end();
      else json(response, 401, {});
    });
    const agent = new undici.Agent();
    onTestFinished(() => agent.destroy());
    const byInterceptor = async (provider: TestProvider, options?: AuthInterceptorOptions): Promise<number> => {
      const client = agent.compose(redirect, authInterceptor(provider, options));
      const { statusCode, body } = await client.request({ origin: server.origin, path: '/start', method: 'POST', body: 'x' });
      await body.dump();
      return statusCode;
    };
    const byFetch = async (provider: TestProvider, options?: AuthInterceptorOptions): Promise<number> => {
      // The package's fetch and the global one have types of their own.
      const authFetch = createAuthFetch(provider, { fetch: undici.fetch as unknown as typeof fetch, ...options });
      return (await authFetch(`${server.origin}/start`, { method: 'POST', body: 'x' })).status;
    };
    for (const send of [byInterceptor, byFetch]) {
      server.received.length = 0;
      const provider = testProvider([server.origin], status401);
      expect(await send(provider)).toBe(401);
      expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /start', 'GET /status']);
      expect(provider.logins).toBe(1);
      await expect(send(provider, { onUnreplayable: 'error' })).rejects.toMatchObject({
        code: 'REPLAY_IMPOSSIBLE',
        message: expect.stringContaining('redirected'),
      });
    }
  });

  test('an answer that came by way of another origin is not judged', async () => {
    const { vendor, stranger } = await startBoth();
    const provider = testProvider([vendor.origin], status401);
    const agent = new undici.Agent();
    onTestFinished(() => agent.destroy());
    const client = agent.compose(redirect, authInterceptor(provider));
    const { statusCode, body } = await client.request({ origin: vendor.origin, path: to(`${stranger.origin}/back`), method: 'GET' });
    await body.dump();
    expect(statusCode).toBe(401);
    expect(provider.calls).toEqual([]);
  });

  test('undici’s fetch drops the header on the way, by interceptor and by createAuthFetch', async () => {
    const { vendor, stranger } = await startBoth();
    const provider = testProvider([vendor.origin], status401);
    const agent = new undici.Agent();
    onTestFinished(() => agent.destroy());
    const target = vendor.origin + to(`${stranger.origin}/x`);
    const byInterceptor = await undici.fetch(target, { dispatcher: agent.compose(authInterceptor(provider)) });
    // The package's fetch and the global one have types of their own.
    const byFetch = await createAuthFetch(provider, { fetch: undici.fetch as unknown as typeof fetch })(target);
    expect([byInterceptor.status, byFetch.status]).toEqual([401, 401]);
    expect(stranger.received.map((request) => request.authorization)).toEqual([undefined, undefined]);
    expect(provider.calls).toEqual([]);
  });
});

test('the global fetch drops the header on the way to another origin, and its answer is not judged', async () => {
  const { vendor, stranger } = await startBoth();
  const provider = testProvider([vendor.origin], status401);
  const response = await createAuthFetch(provider)(vendor.origin + to(`${stranger.origin}/x`));
  expect([response.status, response.redirected, response.url]).toEqual([401, true, `${stranger.origin}/x`]);
  expect(vendor.received[0]?.authorization).toBe('esignon t1');
  expect(stranger.received[0]?.authorization).toBeUndefined();
  expect(provider.calls).toEqual([]);
});
