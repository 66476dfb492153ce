import { expect, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { createAccessToken } from '../../src/access-token.ts';
import { agentOf, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, json, startServer, status401, testProvider } from './helpers.ts';

withEachUndici((undici) => {
  const { retry } = undici.interceptors;

  test.each([
    ['around the interceptor repeats with the token of that moment', 'outside', ['esignon t1', 'esignon t9']],
    ['further in repeats with the token that the request had', 'inside', ['esignon t1', 'esignon t1', 'esignon t9']],
  ] as const)('undici’s retry %s', async (_what, place, expected) => {
    const server = await startServer(({ authorization }, response) => {
      if (server.received.length > 1) return json(response, authorization === 'esignon t9' ? 200 : 401, GOOD);
      // Somebody renews the token while the vendor is not available.
      provider.current = createAccessToken({ value: 't9', scheme: 'esignon', issuedAt: 0 });
      response.writeHead(503).end();
    });
    const provider = testProvider([server.origin], status401);
    const auth = authInterceptor(provider);
    const again = retry({ minTimeout: 1 });
    const client = agentOf(undici).compose(...(place === 'outside' ? [auth, again] : [again, auth]));
    const { statusCode, body } = await client.request({ origin: server.origin, path: '/', method: 'GET' });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(server.received.map(({ authorization }) => authorization)).toEqual(expected);
  });

  test('undici’s retry around the interceptor does not repeat a request whose login failed', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const provider = testProvider([server.origin], status401, false);
    provider.login = () => Promise.reject(Object.assign(new Error('no'), { code: 'NETWORK' }));
    const client = agentOf(undici).compose(authInterceptor(provider), retry({ minTimeout: 1 }));
    await expect(client.request({ origin: server.origin, path: '/', method: 'GET' })).rejects.toMatchObject({ code: 'NETWORK' });
    expect([provider.logins, server.received.length]).toEqual([1, 0]);
  });
});
