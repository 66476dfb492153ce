import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';

import { authInterceptor, type AuthInterceptorOptions, createAuthFetch } from '../../src/index.ts';
import { agentOf, fetchOf, type Undici, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, json, startServer, status401, testProvider, type TestProvider, type TestServer } from './helpers.ts';

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

type Make = (auth: Dispatcher.DispatcherComposeInterceptor) => Dispatcher.DispatcherComposeInterceptor[];

/** Where the interceptors that come with undici may stand. */
function setupsOf({ interceptors }: Undici): readonly (readonly [name: string, make: Make])[] {
  const redirect = interceptors.redirect({ maxRedirections: 5 });
  const retry = interceptors.retry();
  return [
    ['redirect inside', (auth) => [redirect, auth]],
    ['redirect outside', (auth) => [auth, redirect]],
    ['redirect and retry inside', (auth) => [redirect, retry, auth]],
    ['redirect and retry outside', (auth) => [auth, retry, redirect]],
  ];
}

withEachUndici((undici) => {
  describe.each(setupsOf(undici))('with %s', (setup, make) => {
    test.each([{ headers: { 'x-mark': '1' } }, { headers: ['x-mark', '1'] }, { headers: new Map([['x-mark', '1']]) }])(
      `the token does not reach another origin, with ${setup} ($headers)`,
      async ({ headers }) => {
        const { vendor, stranger } = await startBoth();
        const provider = testProvider([vendor.origin], status401);
        const client = agentOf(undici).compose(...make(authInterceptor(provider)));
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

    test(`the token stays on the way to the same origin, and a rejection from there is recognised, with ${setup}`, async () => {
      const { vendor } = await startBoth();
      const provider = testProvider([vendor.origin], status401);
      const client = agentOf(undici).compose(...make(authInterceptor(provider)));
      const { statusCode, body } = await client.request({ origin: vendor.origin, path: to('/second'), method: 'GET' });
      await body.dump();
      expect(statusCode).toBe(200);
      expect(provider.logins).toBe(1);
    });

    test(`the token does not come back by way of another origin, and the answer from there is not judged, with ${setup}`, async () => {
      const { vendor, stranger } = await startBoth();
      const provider = testProvider([vendor.origin], status401);
      const client = agentOf(undici).compose(...make(authInterceptor(provider)));
      const { statusCode, body } = await client.request({ origin: vendor.origin, path: to(`${stranger.origin}/back`), method: 'GET' });
      await body.dump();
      expect(statusCode).toBe(401);
      expect(vendor.received.map((request) => request.authorization)).toEqual(['esignon t1', undefined]);
      expect(provider.calls).toEqual([]);
    });
  });
});

withEachUndici((undici) => {
  const redirect = undici.interceptors.redirect({ maxRedirections: 5 });

  test('the token stays on the way to the same origin also where that is given as a URL', async () => {
    const { vendor } = await startBoth();
    const provider = testProvider([vendor.origin], status401);
    const client = agentOf(undici).compose(redirect, authInterceptor(provider));
    const { statusCode, body } = await client.request({ origin: new URL(vendor.origin), path: to('/second'), method: 'GET' });
    await body.dump();
    expect([statusCode, provider.logins]).toEqual([200, 1]);
  });

  test('what could be redirected and was not is repeated after a rejection, also where it changes something', async () => {
    const server = await startServer(({ authorization }, response) => json(response, authorization === 'esignon t2' ? 200 : 401, GOOD));
    const provider = testProvider([server.origin], status401);
    const client = agentOf(undici).compose(redirect, authInterceptor(provider));
    const { statusCode, body } = await client.request({ origin: server.origin, path: '/', method: 'POST', body: 'x' });
    await body.dump();
    expect([statusCode, server.received.map((request) => request.body)]).toEqual([200, ['x', 'x']]);
  });

  test('what was redirected is not done twice: the rejection of where it led is handed out, and the token renewed', async () => {
    const server = await startServer(({ url }, response) => {
      if (url === '/start') response.writeHead(303, { location: '/status' }).end();
      else json(response, 401, {});
    });
    const byInterceptor = async (provider: TestProvider, options?: AuthInterceptorOptions): Promise<number> => {
      const client = agentOf(undici).compose(redirect, authInterceptor(provider, options));
      const { statusCode, body } = await client.request({ origin: server.origin, path: '/start', method: 'POST', body: 'x' });
      await body.dump();
      return statusCode;
    };
    const byFetch = async (provider: TestProvider, options?: AuthInterceptorOptions): Promise<number> => {
      const authFetch = createAuthFetch(provider, { fetch: fetchOf(undici), ...options });
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
});

withEachUndici((undici) => {
  test('undici’s fetch drops the token on the way to another origin, by interceptor and by createAuthFetch', async () => {
    const { vendor, stranger } = await startBoth();
    const provider = testProvider([vendor.origin], status401);
    const target = vendor.origin + to(`${stranger.origin}/x`);
    const byInterceptor = await undici.fetch(target, { dispatcher: agentOf(undici).compose(authInterceptor(provider)) });
    const byFetch = await createAuthFetch(provider, { fetch: fetchOf(undici) })(target);
    expect([byInterceptor.status, byFetch.status]).toEqual([401, 401]);
    expect(stranger.received.map((request) => request.authorization)).toEqual([undefined, undefined]);
    expect(provider.calls).toEqual([]);
  });
});

test('the global fetch drops the token on the way to another origin, and the answer from there is not judged', async () => {
  const { vendor, stranger } = await startBoth();
  const provider = testProvider([vendor.origin], status401);
  const response = await createAuthFetch(provider)(vendor.origin + to(`${stranger.origin}/x`));
  expect([response.status, response.redirected, response.url]).toEqual([401, true, `${stranger.origin}/x`]);
  expect(vendor.received[0]?.authorization).toBe('esignon t1');
  expect(stranger.received[0]?.authorization).toBeUndefined();
  expect(provider.calls).toEqual([]);
});
