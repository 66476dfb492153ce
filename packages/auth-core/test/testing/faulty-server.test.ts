import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';

import { type Fault, type FaultyServer, type FaultyServerOptions, type Handler, startFaultyServer } from '@x/auth-core/testing';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';

const opened: AsyncDisposable[] = [];

async function start(handler: Handler = () => ({ status: 200, json: { ok: true } }), options?: FaultyServerOptions): Promise<FaultyServer> {
  const server = await startFaultyServer(handler, options);
  opened.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function ask(server: FaultyServer, path = '/', init?: RequestInit): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(server.url + path, { redirect: 'manual', ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('a faulty server without faults', () => {
  it('the handler gets the method, the URL, the headers and the body', async () => {
    const server = await start(({ method, url, headers, body }) => ({
      status: 201,
      headers: { 'X-Vendor': 'yes' },
      json: {
        method,
        path: url.pathname,
        lang: url.searchParams.get('lang'),
        type: headers['content-type'],
        body,
      },
    }));
    const answer = await ask(server, '/a/b?lang=ko', {
      method: 'POST',
      body: '가',
      headers: { 'content-type': 'text/x' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-vendor')).toBe('yes');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(answer.text)).toEqual({
      method: 'POST',
      path: '/a/b',
      lang: 'ko',
      type: 'text/x',
      body: '가',
    });
  });

  it('a reply may set its own content type, in any spelling', async () => {
    const server = await start(() => ({
      status: 200,
      headers: { 'Content-Type': 'text/csv' },
      text: 'a,b',
    }));
    expect((await ask(server)).headers.get('content-type')).toBe('text/csv');
  });

  it('the Date header follows the option now', async () => {
    let now = Date.UTC(2031, 0, 2, 3, 4, 5);
    const server = await start(undefined, { now: () => now });
    expect((await ask(server)).headers.get('date')).toBe('Thu, 02 Jan 2031 03:04:05 GMT');
    now += 60_000;
    server.fail({ status: 503 });
    expect((await ask(server)).headers.get('date')).toBe('Thu, 02 Jan 2031 03:05:05 GMT');
  });

  it('the Date header is the real time by default', async () => {
    const date = (await ask(await start())).headers.get('date');
    expect(Math.abs(Date.parse(date ?? '') - Date.now())).toBeLessThan(5_000);
  });

  it('a request body of 1 MiB is accepted, and a larger one gets 413', async () => {
    const server = await start(({ body }) => ({ status: 200, json: body.length }));
    const mebibyte = 1024 * 1024;
    expect((await ask(server, '/', { method: 'POST', body: 'x'.repeat(mebibyte) })).text).toBe(String(mebibyte));
    expect((await ask(server, '/', { method: 'POST', body: 'x'.repeat(mebibyte + 1) })).status).toBe(413);
    expect(server.requests).toHaveLength(1);
  });

  it('a handler that throws is answered with 500 and the reason', async () => {
    const server = await start(() => {
      throw new Error('no such row');
    });
    expect(await ask(server)).toMatchObject({ status: 500, text: 'Error: no such row' });
  });

  it('a request target that is not a path is answered with 400', async () => {
    const server = await start();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET http://elsewhere.example/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    const [chunk] = await once(socket.setEncoding('utf8'), 'data');
    expect(chunk).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('the server listens on the given port, and rejects if it is in use', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await expect(startFaultyServer(() => ({ status: 200 }), { port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
    expect((await start(undefined, { port })).url).toBe(first.url);
  });
});

describe('the base path of a faulty server', () => {
  it('the handler, faults and onRequest see only what is below it, and the log sees everything', async () => {
    const seen: string[] = [];
    const server = await start(({ url }) => ({ status: 200, text: url.pathname + url.search }), {
      basePath: '/v1/api',
      onRequest: ({ url }) => seen.push(url.pathname),
    });
    const { origin } = new URL(server.url);
    expect(server.url).toBe(`${origin}/v1/api`);
    server.fail({ status: 503 }, { when: ({ url }) => url.pathname === '/down' });
    const at = async (path: string) => {
      const response = await fetch(origin + path);
      return [response.status, await response.text()];
    };
    const outside = [404, 'the path is not below the base path of this server'];
    for (const path of ['/', '/down', '/v1', '/v1/apis', '/v1/api/../down']) expect(await at(path)).toEqual(outside);
    expect(await at('/v1/api/down')).toEqual([503, '']);
    expect(await at('/v1/api/a%20b/c?d=1')).toEqual([200, '/a%20b/c?d=1']);
    expect(await at('/v1/api')).toEqual([200, '/']);
    expect(seen).toEqual(['/down', '/a%20b/c', '/']);
    expect(server.requests.map(({ path }) => path)).toContain('/v1/api/down');
    expect(server.requests).toHaveLength(8);
  });

  it.each(['v1', '/v1/', '/', '/a b', '/a/../b', '/a?b', '//', 7])(
    'a base path is a path as URLs spell it, or CONFIG: %j',
    async (basePath) => {
      // What JavaScript may call it with.
      const options = { basePath } as FaultyServerOptions;
      await expect(startFaultyServer(() => ({ status: 200 }), options)).rejects.toMatchObject({ code: 'CONFIG' });
    },
  );
});

it.each([{ prot: 80 }, { onrequest: () => 0 }, { accounts: [] }, { port: '80' }])(
  'an option that the faulty server does not know is CONFIG: %o',
  async (options) => {
    await expect(startFaultyServer(() => ({ status: 200 }), options as FaultyServerOptions)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(Object.keys(options).join()),
    });
  },
);

it('a reply may have several headers of one name', async () => {
  const server = await start(() => ({ status: 200, headers: { 'set-cookie': ['a=1', 'b=2'] } }));
  expect((await ask(server)).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

it('a reply may be a stream that ends when the client disconnects', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(65_536);
    } finally {
      ended = true;
    }
  }
  const server = await start(() => ({ status: 201, stream: endless() }));
  const { statusCode, body } = await request(server.url);
  expect(statusCode).toBe(201);
  body.on('error', () => undefined).destroy();
  await expect.poll(() => ended, { timeout: 30_000 }).toBe(true);
});

describe('a fault', () => {
  it('a status fault has its body, its headers and a Retry-After', async () => {
    const server = await start();
    server.fail({
      status: 503,
      retryAfter: 7,
      headers: { 'x-why': 'tired' },
      body: 'come back later',
    });
    server.fail({
      status: 429,
      retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
      body: { error: 'slow down' },
    });
    const [unavailable, limited] = [await ask(server), await ask(server)];
    expect(unavailable).toMatchObject({ status: 503, text: 'come back later' });
    expect(unavailable.headers.get('retry-after')).toBe('7');
    expect(unavailable.headers.get('x-why')).toBe('tired');
    expect(limited).toMatchObject({ status: 429, text: '{"error":"slow down"}' });
    expect(limited.headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  });

  it('a slow fault sends the reply that was determined when the request arrived', async () => {
    let state = 'old';
    const server = await start(() => {
      setImmediate(() => (state = 'new'));
      return { status: 200, text: state };
    });
    server.fail({ slow: 80 });
    const began = performance.now();
    expect((await ask(server)).text).toBe('old');
    expect(performance.now() - began).toBeGreaterThan(70);
    expect((await ask(server)).text).toBe('new');
  });

  it('a silent fault logs the request and sends no response', async () => {
    let handled = 0;
    const server = await start(() => ({ status: 200, json: (handled += 1) }));
    server.fail('silent');
    const caller = new AbortController();
    const asked = ask(server, '/', { signal: caller.signal });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), { timeout: 30_000 });
    expect(await Promise.race([asked, setTimeout(50, 'no response yet')])).toBe('no response yet');
    caller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(handled).toBe(0);
  });

  it('a reset fault resets the connection', async () => {
    const server = await start();
    server.fail('reset');
    await expect(request(server.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each([
    ['a body', { status: 200, json: { ok: true } }],
    ['no body', { status: 200 }],
  ])('a cut fault sends the head and half of the body, with %s', async (_, reply) => {
    const server = await start(() => reply);
    server.fail('cut');
    const response = await request(server.url);
    expect(response.statusCode).toBe(200);
    await expect(response.body.text()).rejects.toThrow();
    expect((await ask(server)).status).toBe(200);
  });

  it('a garbage fault is an HTML page with status 200', async () => {
    const server = await start();
    server.fail('garbage');
    const answer = await ask(server);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toMatch(/^<!doctype html>/);
  });

  it('an oversize fault announces 4 MiB and sends them', async () => {
    const server = await start();
    server.fail('oversize');
    const answer = await ask(server);
    expect(answer.headers.get('content-length')).toBe(String(4 * 1024 * 1024));
    expect(answer.text.length).toBe(4 * 1024 * 1024);
  });

  it('a flood fault sends at most 16 MiB without a content length', async () => {
    const server = await start();
    server.fail('flood');
    const answer = await ask(server);
    expect(answer.headers.has('content-length')).toBe(false);
    expect(answer.text.length).toBe(16 * 1024 * 1024);
  });

  it('the server survives a client that disconnects during a flood', async () => {
    const server = await start();
    server.fail('flood');
    const agent = new Agent({ maxResponseSize: 1024 });
    opened.push({ [Symbol.asyncDispose]: () => agent.destroy() });
    const response = await request(server.url, { dispatcher: agent });
    await expect(response.body.text()).rejects.toMatchObject({
      code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    });
    expect((await ask(server)).status).toBe(200);
  });

  it('a redirect fault has the given location and status', async () => {
    const server = await start();
    server.fail({ redirect: 'http://127.0.0.1:9/elsewhere' });
    server.fail({ redirect: '/there', status: 307 });
    const [found, temporary] = [await request(server.url), await request(server.url)];
    expect([found.statusCode, found.headers['location']]).toEqual([302, 'http://127.0.0.1:9/elsewhere']);
    expect([temporary.statusCode, temporary.headers['location']]).toEqual([307, '/there']);
  });

  it('a fault may be a reply of your own', async () => {
    const server = await start();
    server.fail({ answer: ({ body }) => ({ status: 200, text: `you said ${body}` }) });
    expect((await ask(server, '/', { method: 'POST', body: 'hello' })).text).toBe('you said hello');
  });

  it('faults apply in order, each as often as requested', async () => {
    const server = await start();
    server.fail({ status: 500 }, { times: 2 });
    server.fail({ status: 502 });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await ask(server)).status);
    expect(statuses).toEqual([500, 500, 502, 200, 200]);
  });

  it('a fault applies only to the requests that when selects, without end if times is Infinity', async () => {
    const server = await start();
    server.fail({ status: 500 }, { times: Infinity, when: ({ url }) => url.pathname === '/bad' });
    const statuses: number[] = [];
    for (const path of ['/bad', '/good', '/bad', '/bad']) statuses.push((await ask(server, path)).status);
    expect(statuses).toEqual([500, 200, 500, 500]);
  });

  it.each([0, -1, 1.5, Number.NaN])('times %s throws a RangeError', async (times) => {
    const server = await start();
    expect(() => server.fail('reset', { times })).toThrow(RangeError);
  });
});

describe('closing a faulty server', () => {
  it.each<Fault>(['silent', { slow: 60_000 }])('closing the server ends an exchange that hangs in %o', async (fault) => {
    const server = await start();
    server.fail(fault);
    const hanging = ask(server).catch((error: unknown) => error);
    await expect.poll(() => server.requests.length, { timeout: 30_000 }).toBe(1);
    await server.close();
    expect(await hanging).toBeInstanceOf(TypeError);
  });

  it('closing the server ends an idle connection', async () => {
    const server = await start();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await server.close();
    await ended;
    expect(socket.destroyed).toBe(true);
  });

  it('a closed server does not listen, and can be closed again', async () => {
    const server = await start();
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await expect(request(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the request log', () => {
  const options: FaultyServerOptions = {
    secretFields: ['password', 'token', 'x-api-key'],
    scheme: 'vendor',
  };
  const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    body,
    headers,
  });

  it('the request log has every request, also those that met a fault', async () => {
    const server = await start(undefined, options);
    server.fail({ status: 503 });
    await ask(server, '/login?lang=ko&offset=%2B09%3A00', post('{"user":"a","password":"hunter2"}', { 'x-trace': '1' }));
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/login?lang=ko&offset=%2B09%3A00',
        headers: { 'x-trace': '1' },
        body: { user: 'a', password: '(hidden)' },
      },
    ]);
  });

  it.each([
    ['vendor s3cret', 'vendor (hidden)'],
    ['vendor  s3cret', 'vendor (hidden)'],
    ['s3cret', '(hidden)'],
    ['Bearer s3cret', '(hidden)'],
  ])("the request log shows of Authorization: %s only the vendor's scheme", async (authorization, shown) => {
    const server = await start(undefined, options);
    await ask(server, '/', { headers: { authorization } });
    expect(server.requests[0]?.headers).toMatchObject({ authorization: shown });
  });

  it.each<[string, string, RequestInit?]>([
    ['a nested field', '/', post('{"a":[{"password":{"x":"s3cret"}}],"token":"s3cret"}')],
    ['a body that is no JSON', '/', post('{"password":"s3cret",}')],
    ['a form', '/', post('user=a&password=s3cret', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['the query', '/?token=s3cret&a=1'],
    ['a header', '/', { headers: { 'X-API-Key': 's3cret', cookie: 'sid=s3cret', 'proxy-authorization': 's3cret' } }],
  ])('the request log hides a secret in %s', async (_, path, init) => {
    const server = await start(undefined, options);
    await ask(server, path, init);
    expect(server.requests).toHaveLength(1);
    expect(inspect(server.requests, { depth: null, showHidden: true })).not.toContain('s3cret');
    expect(JSON.stringify(server.requests)).toMatch(/hidden|not JSON/);
  });

  it('onRequest is called with each request before any fault', async () => {
    const seen: string[] = [];
    const server = await start(undefined, { onRequest: ({ url }) => seen.push(url.pathname) });
    server.fail('reset');
    await ask(server, '/first').catch(() => {});
    await ask(server, '/second');
    expect(seen).toEqual(['/first', '/second']);
  });

  it('onExchange is called after each exchange, with its status if there was a response, and without secrets', async () => {
    const seen: unknown[] = [];
    const onExchange: FaultyServerOptions['onExchange'] = ({ request: { method, path }, status }) => seen.push([method, path, status]);
    const server = await start(undefined, { ...options, onExchange });
    server.fail('reset');
    await ask(server, '/first?token=s3cret').catch(() => {});
    server.fail({ status: 503 });
    await ask(server, '/second');
    await ask(server, '/third');
    await expect.poll(() => seen.length, { timeout: 30_000 }).toBe(3);
    expect(seen).toEqual([
      ['GET', '/first?token=%28hidden%29', undefined],
      ['GET', '/second', 503],
      ['GET', '/third', 200],
    ]);
  });
});
