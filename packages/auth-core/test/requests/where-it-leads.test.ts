import { describe, expect, test } from 'vitest';

import { authInterceptor, createAuthFetch } from '../../src/index.ts';
import { agentOf, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, idleController, json, startServer, status401, testProvider } from './helpers.ts';

const vendorOrigin = 'https://vendor.example';

/** What the interceptor sends for a request: the headers, or undefined where it was left alone. */
function tokenIn(options: object): unknown {
  let sent: { headers?: unknown } = {};
  const send = authInterceptor(testProvider([vendorOrigin]))((request, handler) => {
    sent = request;
    handler.onRequestStart?.(idleController, null);
    return true;
  });
  // Whatever a caller without types may hand in.
  send({ method: 'GET', ...options } as Parameters<typeof send>[0], { onRequestStart: () => undefined, onResponseError: () => undefined });
  return Reflect.get(Object(sent.headers), 'authorization');
}

describe('a request that leads elsewhere than it says carries no token', () => {
  test.each([
    ['a path that becomes a user name', { origin: vendorOrigin, path: '@evil.example:1/' }],
    ['a path without a slash', { origin: vendorOrigin, path: 'account' }],
    ['an empty path', { origin: vendorOrigin, path: '' }],
    ['another scheme as a path', { origin: vendorOrigin, path: 'ftp://evil.example/' }],
    ['an absolute URL elsewhere', { origin: vendorOrigin, path: 'https://evil.example/' }],
    [
      'an origin that says something else as a text',
      { origin: { origin: 'https://evil.example', toString: (): string => vendorOrigin }, path: '/' },
    ],
    ['an array as an origin', { origin: [vendorOrigin], path: '/' }],
  ])('%s', (_what, options) => {
    expect(tokenIn(options)).toBeUndefined();
  });

  test.each([
    ['a path', { origin: vendorOrigin, path: '/account' }],
    ['a URL as its origin', { origin: new URL(vendorOrigin), path: '/account' }],
    ['an absolute URL of the vendor as its path', { origin: vendorOrigin, path: `${vendorOrigin}/account` }],
  ])('but one with %s does', (_what, options) => {
    expect(tokenIn(options)).toBe('esignon t1');
  });
});

withEachUndici((undici) => {
  test('a path that a proxy would take for a host carries no token', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const client = agentOf(undici).compose(authInterceptor(testProvider([server.origin])));
    const sent = client.request({ origin: server.origin, path: `@${new URL(server.origin).host}/`, method: 'GET' });
    await sent.then(({ body }) => body.dump()).catch(() => undefined);
    expect(server.received.map(({ authorization }) => authorization).filter((one) => one !== undefined)).toEqual([]);
  });
});

describe('a fetch whose clones are no clones', () => {
  test('gets its response handed on whole: it is not looked into', async () => {
    const body = JSON.stringify({ header: { result_code: '94' } });
    const stub = async (): Promise<Response> => {
      const response = new Response(body, { headers: { 'content-type': 'application/json' } });
      return Object.assign(response, { clone: () => response });
    };
    const provider = testProvider([vendorOrigin]);
    const response = await createAuthFetch(provider, { fetch: stub })(vendorOrigin);
    expect(await response.text()).toBe(body);
    expect(provider.logins).toBe(0);
  });

  test('gets a Request that cannot be sent twice: its rejection is returned, and the token renewed', async () => {
    const server = await startServer((_request, response) => json(response, 401, {}));
    const provider = testProvider([server.origin], status401);
    const request: Request = new Request(server.origin, { method: 'POST', body: 'once' });
    Object.assign(request, { clone: () => request });
    expect((await createAuthFetch(provider)(request)).status).toBe(401);
    expect(server.received.map(({ body }) => body)).toEqual(['once']);
    expect(provider.current?.value).toBe('t2');
  });
});

describe('a fetch that adds a header of its own', () => {
  const wrappers: Record<string, typeof fetch> = {
    // As people write it, who take headers for a plain object.
    'by spreading the headers': (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string> | undefined), 'x-a': '1' } }),
    'by assigning to them': (input, init) => fetch(input, { ...init, headers: Object.assign({ 'x-a': '1' }, init?.headers) }),
    'with Headers': (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('x-a', '1');
      return fetch(input, { ...init, headers });
    },
  };
  const given = [undefined, { 'x-b': '2' }, [['x-b', '2']] satisfies [string, string][], new Headers({ 'x-b': '2' })];

  test.each(Object.entries(wrappers))('sends the token, and what its caller gave: %s', async (_how, wrapper) => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const authFetch = createAuthFetch(testProvider([server.origin]), { fetch: wrapper });
    for (const headers of given) await (await authFetch('/', headers === undefined ? {} : { headers })).text();
    const seen = server.received.map(({ headers }) => [headers.authorization, headers['x-a'], headers['x-b'], headers['0']]);
    expect(seen).toEqual([undefined, '2', '2', '2'].map((own) => ['esignon t1', '1', own, undefined]));
  });
});

describe('a body that is a stream', () => {
  test.each([
    [undefined, 'omit'],
    ['include', 'include'],
  ] as const)(
    'is sent with credentials %s as %s: some releases of Node’s fetch fail on a 401 to it otherwise',
    async (credentials, expected) => {
      const seen: unknown[] = [];
      const stub = async (_url: unknown, init?: RequestInit): Promise<Response> => {
        seen.push(init?.credentials);
        return new Response(null, { status: 204 });
      };
      const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' as const, ...(credentials && { credentials }) };
      await createAuthFetch(testProvider([vendorOrigin]), { fetch: stub })(vendorOrigin, init);
      await createAuthFetch(testProvider([vendorOrigin]), { fetch: stub })(vendorOrigin, { method: 'POST', body: 'text' });
      expect(seen).toEqual([expected, undefined]);
    },
  );
});
