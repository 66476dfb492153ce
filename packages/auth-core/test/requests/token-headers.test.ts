import { describe, expect, test } from 'vitest';

import { type AccessToken, authInterceptor, createAuthFetch } from '../../src/index.ts';
import { agentOf, withEachFetch, withEachUndici } from '../helpers/undici-versions.ts';
import { json, type Received, startServer, status401, testProvider, type TestProvider, type TestServer } from './helpers.ts';

type Headers_ = Record<string, string>;

/** Sends a GET, or a POST of this text, with these headers. */
type Send = (server: TestServer, provider: TestProvider, headers?: Headers_ | string[], body?: string) => Promise<number>;

/** A provider whose protocol chooses the headers, as createTokenProvider makes it: their names are known once there was a token. */
function providerWith(server: TestServer, requestHeaders: (token: AccessToken) => Headers_, warm = true): TestProvider {
  const provider = testProvider([server.origin], status401, warm);
  return Object.assign(provider, { requestHeaders, ...namesOf(undefined) });
}

function namesOf(names: readonly string[] | undefined): object {
  return { [Symbol.for('@x/auth-core/tokenHeaderNames')]: () => names };
}

/** Takes the token `t2` and no other, in this header. */
function takesSecond(name: string) {
  return (request: Received, response: Parameters<typeof json>[0]): void => {
    json(response, String(request.headers[name]).includes('t2') ? 200 : 401, {});
  };
}

function describeSending(send: Send): void {
  test('all headers of a token travel with a request, and a repeat has those of the new token alone', async () => {
    const server = await startServer(takesSecond('x-auth-token'));
    const provider = providerWith(server, ({ value }): Headers_ =>
      value === 't1' ? { 'x-auth-token': value, 'x-only-first': '1' } : { 'x-auth-token': value, 'x-csrf': `for ${value}` },
    );
    expect(await send(server, provider, { 'x-mark': 'm' }, 'payload')).toBe(200);
    expect(
      server.received.map(({ headers, body }) => [
        headers['x-auth-token'],
        headers['x-only-first'],
        headers['x-csrf'],
        headers['x-mark'],
        body,
      ]),
    ).toEqual([
      ['t1', '1', undefined, 'm', 'payload'],
      ['t2', undefined, 'for t2', 'm', 'payload'],
    ]);
  });

  test('a caller’s own Authorization goes along where the token travels in another header', async () => {
    const server = await startServer(takesSecond('x-auth-token'));
    const provider = providerWith(server, ({ value }) => ({ 'x-auth-token': value }));
    expect(await send(server, provider, { authorization: 'Basic mine' })).toBe(200);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Basic mine', 'Basic mine']);
  });

  test.each([
    ['before there is a token', false, undefined],
    ['once there is one', true, undefined],
    ['whose name is known', true, ['x-auth-token', 'x-csrf']],
  ])('a caller who sets one of the token’s headers keeps it, and the request is left alone: %s', async (_when, warm, names) => {
    const server = await startServer(takesSecond('x-auth-token'));
    const provider = providerWith(server, ({ value }) => ({ 'x-auth-token': value, 'x-csrf': 'c' }), warm);
    Object.assign(provider, namesOf(names));
    expect(await send(server, provider, { 'X-Auth-Token': 'mine' })).toBe(401);
    expect(server.received.map(({ headers }) => [headers['x-auth-token'], headers['x-csrf']])).toEqual([['mine', undefined]]);
    expect(provider.calls.filter(({ rejected }) => rejected !== undefined)).toEqual([]);
  });

  test('a cookie of the token is added to the caller’s, and takes the place of one of the same name', async () => {
    const server = await startServer(takesSecond('cookie'));
    const provider = providerWith(server, ({ value }) => ({ cookie: `sid=${value}`, 'x-csrf': 'c' }));
    expect(await send(server, provider, { Cookie: 'theme=dark; sid=old; lang=ja' })).toBe(200);
    expect(server.received.map(({ headers }) => headers.cookie)).toEqual(['theme=dark; lang=ja; sid=t1', 'theme=dark; lang=ja; sid=t2']);
    expect(await send(server, provider)).toBe(200);
    expect(server.received.at(-1)?.headers.cookie).toBe('sid=t2');
  });

  test('a protocol that makes headers that cannot be sent fails the request, and nothing is sent', async () => {
    const server = await startServer((_request, response) => json(response, 200, {}));
    const provider = providerWith(server, () => {
      throw new TypeError('no csrf');
    });
    await expect(send(server, provider)).rejects.toThrow('no csrf');
    expect(server.received).toEqual([]);
  });
}

withEachUndici((undici) => {
  describe('through the interceptor', () => {
    describeSending(async (server, provider, headers, body) => {
      const client = agentOf(undici).compose(authInterceptor(provider));
      const method = body === undefined ? 'GET' : 'POST';
      const response = await client.request({ origin: server.origin, path: '/', method, headers: headers ?? null, body: body ?? null });
      await response.body.dump();
      return response.statusCode;
    });

    test('a cookie of the token is added whatever shape the headers have', async () => {
      const server = await startServer((_request, response) => json(response, 200, {}));
      const provider = providerWith(server, ({ value }) => ({ cookie: `sid=${value}` }));
      const client = agentOf(undici).compose(authInterceptor(provider));
      const shapes = [['cookie', 'a=1'], new Headers({ cookie: 'a=1' }), new Map([['Cookie', 'a=1']]), { cookie: ['a=1', 'sid=x'] }];
      for (const headers of shapes) {
        const { body } = await client.request({ origin: server.origin, path: '/', method: 'GET', headers });
        await body.dump();
      }
      expect(server.received.map(({ headers }) => headers.cookie)).toEqual(Array(4).fill('a=1; sid=t1'));
    });
  });
});

withEachFetch(({ around }) => {
  describe('through createAuthFetch', () => {
    describeSending(async (server, provider, headers, body) => {
      const init = body === undefined ? {} : { method: 'POST', body };
      const response = await createAuthFetch(provider, around)(server.origin, { ...init, headers: (headers ?? {}) as Headers_ });
      await response.text();
      return response.status;
    });
  });
});

withEachFetch(({ around, Request: RequestClass }) => {
  test('the body of a Request is sent again where a repeat is redirected, with a token in a header of its own', async () => {
    const server = await startServer((request, response) => {
      if (request.headers['x-auth-token'] !== 't2') return json(response, 401, {});
      if (request.url === '/moved') return json(response, 200, {});
      return void response.writeHead(307, { location: '/moved' }).end();
    });
    const provider = providerWith(server, ({ value }) => ({ 'x-auth-token': value }));
    const request = new RequestClass(`${server.origin}/first`, { method: 'PUT', body: 'payload' });
    const response = await createAuthFetch(provider, around)(request);
    expect(response.status).toBe(200);
    expect(server.received.map(({ url, method, body }) => [method, url, body])).toEqual([
      ['PUT', '/first', 'payload'],
      ['PUT', '/first', 'payload'],
      ['PUT', '/moved', 'payload'],
    ]);
  });
});
