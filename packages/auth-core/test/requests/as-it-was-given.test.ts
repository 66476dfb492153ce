import type { Dispatcher } from 'undici';
import { expect, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { agentOf, type Undici, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, json, startServer, status401, testProvider, type TestServer } from './helpers.ts';

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

function client(undici: Undici, server: TestServer, warm: boolean): Dispatcher {
  const provider = testProvider([server.origin], status401, warm);
  provider.login = later;
  return agentOf(undici).compose(authInterceptor(provider));
}

const startVendor = (rejected = 'none'): Promise<TestServer> =>
  startServer(({ authorization }, response) => json(response, authorization === rejected ? 401 : 200, GOOD));

withEachUndici((undici) => {
  test.each([false, true])(
    'a request is sent as it was given, whatever its caller does to its options afterwards (token at hand: %s)',
    async (warm) => {
      const server = await startVendor(warm ? 'esignon t1' : 'none');
      const other = await startVendor();
      const options: Dispatcher.RequestOptions = {
        origin: server.origin,
        path: '/1',
        method: 'POST',
        body: 'one',
        query: { page: 1 },
        headers: { 'x-id': '1' },
      };
      const sent = client(undici, server, warm).request(options);
      Object.assign(options.headers ?? {}, { 'x-id': '2' });
      Object.assign(options.query ?? {}, { page: 2 });
      Object.assign(options, { origin: other.origin, path: '/2', body: 'two' });
      expect((await sent).statusCode).toBe(200);
      expect(other.received).toEqual([]);
      const [{ url, body, headers }] = server.received.slice(-1) as [(typeof server.received)[0]];
      expect([url, body, headers['x-id']]).toEqual(['/1?page=1', 'one', '1']);
    },
  );

  test('a request is sent as it was given, though a list among its headers or parameters grows while a login is under way', async () => {
    const server = await startVendor();
    const [ids, pages] = [['1'], ['1']];
    const sent = client(undici, server, false).request({
      origin: server.origin,
      path: '/',
      method: 'GET',
      headers: { 'x-id': ids },
      query: { page: pages },
    });
    ids.push('2');
    pages.push('2');
    expect((await sent).statusCode).toBe(200);
    expect(server.received).toMatchObject([{ url: '/?page=1', headers: { 'x-id': '1' } }]);
  });
});

withEachUndici((undici) => {
  test('a request is repeated as it was given, whatever an interceptor further in makes of the first one', async () => {
    const server = await startVendor('esignon t1');
    const inner: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
      options.path = `/api${options.path}`;
      if (Array.isArray(options.headers)) options.headers.push('x-id', '1');
      return dispatch(options, handler);
    };
    const composed = agentOf(undici).compose(inner, authInterceptor(testProvider([server.origin], status401)));
    const { statusCode } = await composed.request({
      origin: server.origin,
      path: '/call',
      method: 'POST',
      body: 'x',
      headers: ['x-mark', '1'],
    });
    expect(statusCode).toBe(200);
    expect(server.received.map(({ url, headers }) => [url, headers['x-id']])).toEqual([
      ['/api/call', '1'],
      ['/api/call', '1'],
    ]);
  });

  test.each([null, '', 0])('a request keeps the query in its path where its parameters are none: %j', async (query) => {
    const server = await startVendor();
    const options = { origin: server.origin, path: '/a?b=1', method: 'GET' as const, query: query as unknown as Record<string, unknown> };
    expect((await client(undici, server, true).request(options)).statusCode).toBe(200);
    expect(server.received[0]?.url).toBe('/a?b=1');
  });

  test.each([false, true])(
    'a request goes to the origin that it was given, though that URL is changed afterwards (token at hand: %s)',
    async (warm) => {
      const server = await startVendor(warm ? 'esignon t1' : 'none');
      const other = await startVendor();
      const origin = new URL(server.origin);
      const sent = client(undici, server, warm).request({ origin, path: '/', method: 'GET' });
      origin.port = new URL(other.origin).port;
      expect((await sent).statusCode).toBe(200);
      expect(other.received).toEqual([]);
    },
  );

  test.each([
    ['an object', (): Record<string, string> | string[] => ({ 'x-id': '0' })],
    ['a flat array', (): Record<string, string> | string[] => ['x-id', '0']],
  ])('requests that share their headers, which change in between, are each sent and repeated with their own: %s', async (_shape, make) => {
    const server = await startVendor('esignon t2');
    const dispatcher = client(undici, server, false);
    const headers = make();
    const sent = ['1', '2', '3'].map((id) => {
      if (Array.isArray(headers)) headers[1] = id;
      else headers['x-id'] = id;
      return undici.request(server.origin, { dispatcher, headers });
    });
    for (const { statusCode } of await Promise.all(sent)) expect(statusCode).toBe(200);
    const arrived = server.received.map((request) => `${request.authorization} ${String(request.headers['x-id'])}`).toSorted();
    expect(arrived).toEqual(['t2 1', 't2 2', 't2 3', 't3 1', 't3 2', 't3 3'].map((entry) => `esignon ${entry}`));
  });
});
