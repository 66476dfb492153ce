import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

import * as undici8 from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';

import { AuthError, authInterceptor, type AuthInterceptorOptions } from '../../src/index.ts';
import { agentOf, type Undici, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, insideLogin, json, startServer, status401, testProvider, vendor, type TestProvider } from './helpers.ts';

function compose(undici: Undici, provider: TestProvider, options?: AuthInterceptorOptions): undici8.Dispatcher.ComposedDispatcher {
  return agentOf(undici).compose(authInterceptor(provider, options));
}

withEachUndici((undici) => {
  test('the interceptor attaches the token, whatever shape the headers have', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const client = compose(undici, testProvider([server.origin]));
    function* pairs(): Generator<[string, string]> {
      yield ['x-mark', '1'];
    }
    const shapes = [
      { 'x-mark': '1' },
      ['x-mark', '1'],
      new Headers({ 'x-mark': '1' }),
      new Map([['x-mark', '1']]),
      [['x-mark', '1']],
      pairs(),
    ];
    for (const headers of [...shapes, undefined, null]) {
      // Arrays of pairs are no part of undici's types, but are met in the wild.
      const { body } = await client.request({
        origin: server.origin,
        path: '/',
        method: 'GET',
        headers: (headers as undici8.Dispatcher.DispatchOptions['headers']) ?? null,
      });
      await body.dump();
    }
    expect(server.received.map((request) => request.authorization)).toEqual(Array(8).fill('esignon t1'));
    expect(server.received.map((request) => request.headers['x-mark'])).toEqual([...Array(6).fill('1'), undefined, undefined]);
  });

  test('the interceptor leaves a caller’s own Authorization alone, and does not judge its answer', async () => {
    const server = await startServer((_request, response) => json(response, 401, {}));
    const provider = testProvider([server.origin]);
    const client = compose(undici, provider);
    function* pairs(): Generator<[string, string]> {
      yield ['AUTHORIZATION', 'mine'];
    }
    for (const headers of [
      { Authorization: 'mine' },
      ['authorization', 'mine'],
      new Headers({ authorization: 'mine' }),
      new Map([['Authorization', 'mine']]),
      pairs(),
    ]) {
      const { body, statusCode } = await client.request({ origin: server.origin, path: '/', method: 'GET', headers });
      await body.dump();
      expect(statusCode).toBe(401);
    }
    expect(server.received.map((request) => request.authorization)).toEqual(Array(5).fill('mine'));
    expect(provider.calls).toEqual([]);
  });
});

withEachUndici((undici) => {
  test('the interceptor sends no token to another origin, and judges no answer from there', async () => {
    const server = await startServer((_request, response) => json(response, 401, {}));
    const provider = testProvider(['https://vendor.example']);
    const client = compose(undici, provider);
    for (const origin of [server.origin, new URL(server.origin), server.origin.replace('127.0.0.1', 'localhost')]) {
      const { body, statusCode } = await client.request({ origin, path: '/', method: 'GET' });
      await body.dump();
      expect(statusCode).toBe(401);
    }
    expect(server.received.map((request) => request.authorization)).toEqual([undefined, undefined, undefined]);
    expect(provider.calls).toEqual([]);
  });

  test('the interceptor takes an origin as a URL, and a path that is a whole URL for where it leads', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const client = compose(undici, testProvider([server.origin]));
    for (const [origin, path] of [
      [new URL(server.origin), '/'],
      [`${server.origin}/`, '/'],
      [server.origin, 'http://other.example/'],
    ] as const) {
      await (await client.request({ origin, path, method: 'GET' })).body.dump();
    }
    expect(server.received.map((request) => request.authorization)).toEqual(['esignon t1', 'esignon t1', undefined]);
  });

  test('the interceptor does not touch requests that the login itself makes', async () => {
    const server = await startServer((_request, response) => json(response, 401, {}));
    const provider = { ...testProvider([server.origin]), [insideLogin]: () => true };
    const { body, statusCode } = await compose(undici, provider).request({ origin: server.origin, path: '/', method: 'GET' });
    await body.dump();
    expect([statusCode, server.received[0]?.authorization, provider.calls.length]).toEqual([401, undefined, 0]);
  });
});

withEachUndici((undici) => {
  describe.each([200, 401] as const)('with rejections by HTTP %i', (status) => {
    const form = (): undici8.FormData => {
      const data = new undici.FormData();
      data.set('a', 'payload');
      return data;
    };
    const bodies: [string, () => undefined | string | Buffer | Uint8Array | undici8.FormData | Blob][] = [
      ['no body', () => undefined],
      ['text', () => 'payload'],
      ['a Buffer', () => Buffer.from('payload')],
      ['a typed array', () => new Uint8Array(Buffer.from('payload'))],
      ['a FormData', form],
      ['a Blob', () => new Blob(['payload'])],
    ];
    test.each(bodies)('a token that is rejected is renewed, and the request repeated once with %s', async (_what, body) => {
      const server = await startServer(vendor(() => 't2', status));
      const provider = testProvider([server.origin]);
      const response = await compose(undici, provider).request({
        origin: server.origin,
        path: '/?x=1',
        method: body() === undefined ? 'GET' : 'POST',
        headers: { 'x-mark': '1' },
        body: body() as string, // a Blob is no part of undici's types
      });
      expect(await response.body.json()).toMatchObject({ header: { result_code: '00' } });
      expect([provider.logins, server.received.length, server.connections()]).toEqual([1, 2, 1]);
      const [first, second] = server.received.map((request) => request.body.replaceAll(/formdata-undici-\d+/g, ''));
      expect(second).toBe(first);
      if (body() !== undefined) expect(second).toContain('payload');
      expect(server.received[1]?.headers['x-mark']).toBe('1');
    });

    test('a second rejection is passed on', async () => {
      const server = await startServer(vendor(() => 'none', status));
      const provider = testProvider([server.origin]);
      const response = await compose(undici, provider).request({ origin: server.origin, path: '/', method: 'POST', body: 'x' });
      expect(await response.body.json()).toEqual({ header: { result_code: '94' }, body: { echo: 'x' } });
      expect([response.statusCode, server.received.length, provider.logins]).toEqual([status, 2, 1]);
    });

    test('a rejection is passed on where no more logins are allowed', async () => {
      const server = await startServer(vendor(() => 'none', status));
      const provider = testProvider([server.origin]);
      provider.budget = 0;
      const response = await compose(undici, provider).request({ origin: server.origin, path: '/', method: 'POST', body: 'x' });
      expect(await response.body.json()).toEqual({ header: { result_code: '94' }, body: { echo: 'x' } });
      expect([response.statusCode, server.received.length, provider.logins]).toEqual([status, 1, 0]);
    });
  });
});

withEachUndici((undici) => {
  describe.each([200, 401] as const)('with rejections by HTTP %i', (status) => {
    test.each([
      ['a stream', () => Readable.from(['pay', 'load'])],
      [
        'a generator',
        () =>
          (function* () {
            yield 'payload';
          })(),
      ],
      ['a web stream', () => new Blob(['payload']).stream()],
    ] as [string, () => Readable][])(
      'a body that is %s is never sent twice: the rejection is handed out and the token renewed',
      async (_what, body) => {
        const server = await startServer(vendor(() => 't2', status));
        const provider = testProvider([server.origin]);
        const response = await compose(undici, provider).request({ origin: server.origin, path: '/', method: 'POST', body: body() });
        expect(await response.body.json()).toEqual({ header: { result_code: '94' }, body: { echo: 'payload' } });
        expect([response.statusCode, server.received.length, provider.current?.value]).toEqual([status, 1, 't2']);
      },
    );

    test('a body that cannot be sent twice fails with REPLAY_IMPOSSIBLE where that was asked for', async () => {
      const server = await startServer(vendor(() => 't2', status));
      const provider = testProvider([server.origin]);
      const body = Readable.from(['payload']);
      const request = compose(undici, provider, { onUnreplayable: 'error' }).request({
        origin: server.origin,
        path: '/',
        method: 'POST',
        body,
      });
      await expect(request).rejects.toMatchObject({ code: 'REPLAY_IMPOSSIBLE' });
      expect([server.received.length, provider.current?.value]).toEqual([1, 't2']);
    });

    test('a request whose token cannot be renewed rejects with the AuthError of that login', async () => {
      const server = await startServer(vendor(() => 't2', status));
      const provider = testProvider([server.origin]);
      const error = new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'test', message: 'no' });
      provider.login = () => Promise.reject(error);
      const client = compose(undici, provider);
      await expect(client.request({ origin: server.origin, path: '/', method: 'GET' })).rejects.toBe(error);
      // Behind a body that cannot be repeated nobody hears of it.
      const response = await client.request({ origin: server.origin, path: '/', method: 'GET' }).catch((reason: unknown) => reason);
      expect(response).toBe(error);
      expect(server.received.length).toBe(1);
    });
  });
});

withEachUndici((undici) => {
  test('a renewal that fails behind an unrepeatable body disturbs nobody', async () => {
    const server = await startServer(vendor(() => 't2', 401));
    const provider = testProvider([server.origin]);
    provider.login = () => Promise.reject(new AuthError({ code: 'NETWORK', provider: 'test', message: 'no' }));
    const { statusCode, body } = await compose(undici, provider).request({
      origin: server.origin,
      path: '/',
      method: 'POST',
      body: Readable.from(['x']),
    });
    await body.dump();
    expect(statusCode).toBe(401);
  });

  test('a request waits for the first login, and is not sent if that fails', async () => {
    const server = await startServer(vendor(() => 't2'));
    const provider = testProvider([server.origin], undefined, false);
    const error = new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'test', message: 'no' });
    provider.login = () => Promise.reject(error);
    const client = compose(undici, provider);
    await expect(client.request({ origin: server.origin, path: '/', method: 'GET' })).rejects.toBe(error);
    expect(server.received).toEqual([]);
    provider.logins = 0;
    provider.login = async () => undefined;
    const { body } = await client.request({ origin: server.origin, path: '/', method: 'GET' });
    expect(await body.json()).toMatchObject(GOOD);
    expect(server.received.length).toBe(1);
  });
});

withEachUndici((undici) => {
  test('stream, pipeline, fetch and upgrade get the token, too, all of them from one login', async () => {
    const server = await startServer(vendor(() => 't2'));
    server.server.on('upgrade', (request, socket) => {
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nX-Token: ${request.headers.authorization}\r\n\r\n`,
      );
    });
    const provider = testProvider([server.origin], undefined, false);
    const client = compose(undici, provider);
    let text = '';
    await client.stream(
      { origin: server.origin, path: '/', method: 'GET' },
      () => new Writable({ write: (chunk, _encoding, done) => ((text += String(chunk)), done()) }),
    );
    expect(JSON.parse(text)).toMatchObject(GOOD);

    const duplex = client.pipeline({ origin: server.origin, path: '/', method: 'POST' }, ({ body }) => body);
    duplex.end('payload');
    expect(JSON.parse(await textOf(duplex))).toMatchObject({ ...GOOD, body: { echo: 'payload' } });

    const response = await undici.fetch(server.origin, { dispatcher: client });
    expect(await response.json()).toMatchObject(GOOD);

    const { headers, socket } = await client.upgrade({
      origin: server.origin,
      path: '/',
      protocol: 'websocket',
    } as undici8.Dispatcher.UpgradeOptions);
    socket.destroy();
    expect(headers['x-token']).toBe('esignon t2');
    expect(provider.logins).toBe(1);
  });

  test('a fetch with a body is never repeated with an empty one', async () => {
    const server = await startServer(vendor(() => 't2'));
    const provider = testProvider([server.origin]);
    const client = compose(undici, provider);
    const response = await undici.fetch(server.origin, { dispatcher: client, method: 'POST', body: 'payload' });
    expect(await response.json()).toMatchObject({ header: { result_code: '94' }, body: { echo: 'payload' } });
    expect(server.received.map((request) => request.body)).toEqual(['payload']);
    const again = await undici.fetch(server.origin, { dispatcher: client, method: 'POST', body: 'payload' });
    expect(await again.json()).toMatchObject({ ...GOOD, body: { echo: 'payload' } });
  });
});

withEachUndici((undici) => {
  test('trailers, early hints, and answers that have no body, come through the interceptor', async () => {
    const server = await startServer(({ url, method }, response) => {
      if (url === '/hints') response.writeEarlyHints({ link: '</x>; rel=preload' });
      if (url === '/empty') {
        response.writeHead(204, { 'content-type': 'application/json' }).end();
        return;
      }
      if (method === 'HEAD') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 9 }).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', trailer: 'x-sum', 'transfer-encoding': 'chunked' });
      response.write('{"body":1,');
      response.addTrailers({ 'x-sum': 'abc' });
      setImmediate(() => response.end('"header":{}}'));
    });
    const client = compose(undici, testProvider([server.origin]));
    const hints: number[] = [];
    const hinted = await client.request({
      origin: server.origin,
      path: '/hints',
      method: 'GET',
      onInfo: ({ statusCode }) => hints.push(statusCode),
    });
    expect(await hinted.body.text()).toBe('{"body":1,"header":{}}');
    expect(hinted.trailers).toEqual({ 'x-sum': 'abc' });
    expect(hints).toEqual([103]);
    for (const [path, method] of [
      ['/empty', 'GET'],
      ['/', 'HEAD'],
    ] as const) {
      const { body } = await client.request({ origin: server.origin, path, method });
      expect(await body.text()).toBe('');
    }
  });
});

withEachUndici((undici) => {
  test('a rejection that is long, or never ends, does not hold up the repeat', async () => {
    const server = await startServer(({ authorization, url }, response) => {
      if (authorization === 'esignon t2') return json(response, 200, GOOD);
      response.writeHead(401, { 'content-type': 'text/plain' });
      if (url === '/long') response.end('x'.repeat(1_000_000));
      else response.write('x');
    });
    for (const path of ['/long', '/endless']) {
      const provider = testProvider([server.origin], status401);
      const { body, statusCode } = await compose(undici, provider).request({ origin: server.origin, path, method: 'GET' });
      expect([statusCode, await body.json()]).toEqual([200, GOOD]);
      expect(provider.logins).toBe(1);
    }
  });

  test('a long rejection that is passed on is whole', async () => {
    const text = 'refused '.repeat(100_000);
    const server = await startServer((_request, response) => void response.writeHead(401).end(text));
    const provider = testProvider([server.origin], status401);
    provider.budget = 0;
    const { body } = await compose(undici, provider).request({ origin: server.origin, path: '/', method: 'GET' });
    expect(await body.text()).toBe(text);
  });

  test('a request rejects with what isRejection throws, whenever it does', async () => {
    const text = JSON.stringify({ ...GOOD, more: 'x'.repeat(100) });
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(text.slice(0, 5));
      setTimeout(() => response.end(text.slice(5)), 10);
    });
    const error = new Error('a bug of the provider');
    for (let good = 0; good < 4; good += 1) {
      let looks = 0;
      const provider = testProvider([server.origin], () => {
        if (looks === good) throw error;
        looks += 1;
        return 'need-body';
      });
      await expect(compose(undici, provider).request({ origin: server.origin, path: '/', method: 'GET' })).rejects.toBe(error);
    }
  });
});

withEachUndici((undici) => {
  test('an abort while the login is under way frees this request alone', async () => {
    const server = await startServer(vendor(() => 't2'));
    const provider = testProvider([server.origin], undefined, false);
    let loggedIn = (): void => undefined;
    provider.login = () => new Promise((resolve) => (loggedIn = resolve));
    const client = compose(undici, provider);
    const abort = new AbortController();
    const reason = new Error('enough');
    const aborted = client.request({ origin: server.origin, path: '/', method: 'GET', signal: abort.signal });
    const patient = client.request({ origin: server.origin, path: '/', method: 'GET' });
    abort.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    loggedIn();
    expect(await (await patient).body.json()).toMatchObject(GOOD);
    expect([provider.logins, server.received.length]).toEqual([1, 1]);
  });

  test('an aborted signal starts no login', async () => {
    const provider = testProvider(['http://127.0.0.1:9'], undefined, false);
    const reason = new Error('enough');
    const request = compose(undici, provider).request({
      origin: 'http://127.0.0.1:9',
      path: '/',
      method: 'GET',
      signal: AbortSignal.abort(reason),
    });
    await expect(request).rejects.toBe(reason);
    expect(provider.calls).toEqual([]);
  });

  test('an abort while the token is renewed, or the answer judged, or read, rejects with its reason', async () => {
    const reason = new Error('enough');
    const abort = { renewed: new AbortController(), judged: new AbortController() };
    const server = await startServer(({ url }, response) => {
      if (url === '/renewed') return json(response, 401, {});
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(url === '/judged' ? '{"body":' : '{"header":{"result_code":"00"},');
      if (url === '/judged') setTimeout(() => abort.judged.abort(reason), 20);
    });
    const provider = testProvider([server.origin]);
    provider.login = () => {
      abort.renewed.abort(reason);
      return new Promise(() => undefined);
    };
    const client = compose(undici, provider);
    for (const what of ['judged', 'renewed'] as const) {
      const request = client.request({ origin: server.origin, path: `/${what}`, method: 'GET', signal: abort[what].signal });
      await expect(request).rejects.toBe(reason);
    }
    const reading = new AbortController();
    provider.current = provider.calls.at(-1)?.rejected;
    const { body } = await client.request({ origin: server.origin, path: '/read', method: 'GET', signal: reading.signal });
    reading.abort(reason);
    await expect(finished(body.on('data', () => undefined))).rejects.toBe(reason);
  });
});

withEachUndici((undici) => {
  test('a connection that breaks while the answer is judged breaks for its reader', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"body":');
      setTimeout(() => response.destroy(), 20);
    });
    const { body, statusCode } = await compose(undici, testProvider([server.origin])).request({
      origin: server.origin,
      path: '/',
      method: 'GET',
    });
    expect(statusCode).toBe(200);
    await expect(body.text()).rejects.toThrow(/terminated|closed/);
  });

  test('200 requests whose rejections are spread over 300 ms cost one login', async () => {
    const server = await startServer(({ authorization, url }, response) => {
      const ok = authorization === 'esignon t2';
      const answer = (): void => json(response, 200, { header: { result_code: ok ? '00' : '94' } });
      setTimeout(answer, ok ? 0 : Number(url.slice(1)) * 1.5);
    });
    const provider = testProvider([server.origin]);
    provider.login = () => new Promise((resolve) => setTimeout(resolve, 50));
    const client = compose(undici, provider);
    const codes = Array.from({ length: 200 }, async (_, at) => {
      const { body } = await client.request({ origin: server.origin, path: `/${at}`, method: 'POST', body: 'x' });
      return ((await body.json()) as typeof GOOD).header.result_code;
    });
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['00']));
    expect(provider.logins).toBe(1);
  });

  test('a request leaves no timer behind', async () => {
    const server = await startServer(vendor(() => 't2'));
    const client = agentOf(undici, { keepAliveTimeout: 1 }).compose(authInterceptor(testProvider([server.origin])));
    const before = timers();
    await (await client.request({ origin: server.origin, path: '/', method: 'GET' })).body.dump();
    await client.close();
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe('authInterceptor', () => {
  test.each([[[]], [['']], [['ftp://vendor.example']]])('an interceptor cannot be made for the origins %j', (origins) => {
    expect(() => authInterceptor(testProvider(origins))).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });

  test('an interceptor cannot be made with an unknown onUnreplayable', () => {
    expect(() => authInterceptor(testProvider(['http://a.example']), { onUnreplayable: 'retry' as 'error' })).toThrow(
      expect.objectContaining({ code: 'CONFIG' }),
    );
  });

  test('the interceptor adds nothing to a Pool of undici 8 that leads elsewhere, whatever origin a request names', async () => {
    const server = await startServer((_request, response) => json(response, 401, {}));
    const pool = new undici8.Pool(server.origin);
    onTestFinished(() => pool.destroy());
    const provider = testProvider(['https://vendor.example']);
    const { body } = await pool.compose(authInterceptor(provider)).request({ origin: 'https://vendor.example', path: '/', method: 'GET' });
    await body.dump();
    expect([server.received[0]?.authorization, provider.calls.length]).toEqual([undefined, 0]);
  });

  test('Node’s own fetch gets a clear error from an interceptor that cannot serve it', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const client = new undici8.Agent().compose(authInterceptor(testProvider([server.origin])));
    onTestFinished(() => client.destroy());
    // The types differ as the versions do, which is the mistake at hand.
    const attempt = fetch(server.origin, { dispatcher: client } as object);
    await expect(attempt).rejects.toMatchObject({ cause: { code: 'CONFIG' } });
  });
});

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
