import { createReadStream } from 'node:fs';
import type { Server } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import * as undici8 from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { agentOf, type Undici, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, json, startServer, testProvider, vendor, type TestServer } from './helpers.ts';

const deaf: undici8.Dispatcher.DispatchHandler = {
  onResponseStart: () => undefined,
  onResponseData: () => undefined,
  onResponseEnd: () => undefined,
};

const tokens = ['no interceptor', 'a token at hand', 'a login first'] as const;

interface ClientOptions {
  /** What a login does, where there is one. */
  readonly login?: () => Promise<void>;
  readonly behind?: undici8.Dispatcher.DispatcherComposeInterceptor[];
}

/** Declares the same tests for requests without the interceptor and with it: both have to behave alike. */
function withAndWithout(
  tests: (client: (server: TestServer, options?: ClientOptions) => undici8.Dispatcher, undici: Undici) => void,
): void {
  withEachUndici((undici) => {
    describe.each(tokens)('with %s', (token) => {
      tests(({ origin }, { login = nextTurn, behind = [] } = {}) => {
        const provider = testProvider([origin], undefined, token === 'a token at hand');
        provider.login = login;
        const auth = token === 'no interceptor' ? [] : [authInterceptor(provider)];
        return agentOf(undici).compose(...auth, ...behind);
      }, undici);
    });
  });
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

withAndWithout((client) => {
  test('a body that cannot be read rejects the request, and ends nothing else', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const body = createReadStream('/no/such/file');
    // The login is still under way when it fails.
    const login = (): Promise<void> => new Promise((resolve) => void body.once('close', resolve));
    const sent = client(server, { login }).request({ origin: server.origin, path: '/', method: 'POST', body });
    await expect(sent).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a reader that begins at once gets an answer that is judged late', async () => {
    const text = JSON.stringify({ body: 'x'.repeat(20_000), header: { result_code: '00' } });
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(text.slice(0, 9_000));
      setTimeout(() => response.end(text.slice(9_000)), 20);
    });
    const read = await new Promise<string>((resolve, reject) => {
      client(server).request({ origin: server.origin, path: '/', method: 'GET' }, (error, data) => {
        if (error !== null) return reject(error);
        let all = '';
        data.body.setEncoding('utf8').on('readable', () => {
          for (let part: string | null = data.body.read(); part !== null; part = data.body.read()) all += part;
        });
        data.body.read();
        data.body.on('end', () => resolve(all)).on('error', reject);
      });
    });
    expect(read).toBe(text);
  });
});

withAndWithout((client, undici) => {
  test('undici’s dump breaks off an answer that is too long for it', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"body":"${'x'.repeat(500)}`);
      const parts = ['x'.repeat(3_000), '","header":{"result_code":"00"},"more":"', ...Array<string>(10_000).fill('x'.repeat(10_000))];
      const next = (): void => {
        const part = parts.shift();
        if (part !== undefined && !response.destroyed) response.write(part, () => setImmediate(next));
      };
      setTimeout(next, 20);
    });
    const dumping = client(server, { behind: [undici.interceptors.dump({ maxSize: 2_000 })] });
    const answer = dumping.request({ origin: server.origin, path: '/', method: 'GET' }).then(({ body }) => body.text());
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await expectClosed(server.server);
  });

  test('an answer that undici’s decompress cannot read arrives, and its body fails', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(GOOD)).fill(0xff, 12));
    });
    const sent = client(server, { behind: [undici.interceptors.decompress()] }).request({
      origin: server.origin,
      path: '/',
      method: 'GET',
    });
    const { statusCode, body } = await sent;
    expect(statusCode).toBe(200);
    await expect(body.text()).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
  });
});

withAndWithout((client) => {
  test('a handler may pause before there is a response, and gets it once it resumes', async () => {
    const server = await startServer((_request, response) => json(response, 200, { ...GOOD, body: 'x'.repeat(100) }));
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      client(server).dispatch(
        { origin: server.origin, path: '/', method: 'GET' },
        {
          onRequestStart: (controller) => controller.pause(),
          onResponseStart: (controller, status) => {
            seen.push(String(status));
            controller.resume();
          },
          onResponseData: (_controller, chunk) => void seen.push(chunk.toString()),
          onResponseEnd: () => resolve(),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
    expect(seen[0]).toBe('200');
    expect(JSON.parse(seen.slice(1).join(''))).toMatchObject(GOOD);
  });

  test('a handler is never handed a chunk while it is handed the head', async () => {
    const server = await startServer((_request, response) => json(response, 200, { body: 'x'.repeat(100), ...GOOD }));
    let inside = false;
    const reentered = await new Promise<boolean>((resolve, reject) => {
      client(server).dispatch(
        { origin: server.origin, path: '/', method: 'GET' },
        {
          onRequestStart: () => undefined,
          onResponseStart: (controller) => {
            inside = true;
            controller.pause();
            controller.resume();
            inside = false;
          },
          onResponseData: () => inside && resolve(true),
          onResponseEnd: () => resolve(inside),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
    expect(reentered).toBe(false);
  });
});

withAndWithout((client) => {
  test('what came of an answer that breaks off is handed out before the error', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"body":"${'x'.repeat(9_000)}`);
      setTimeout(() => response.destroy(), 50);
    });
    const through = client(server).pipeline({ origin: server.origin, path: '/', method: 'GET' }, ({ body }) => body);
    let length = 0;
    const reading = (async () => {
      for await (const chunk of through.end()) length += Buffer.from(chunk).length;
    })();
    await expect(reading).rejects.toThrow(/closed|terminated/);
    expect(length).toBe(9_009);
  });

  test('what a handler throws when its request starts is the error that it gets', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const thrown = new Error('no');
    const failed = await new Promise((resolve) => {
      client(server).dispatch(
        { origin: server.origin, path: '/', method: 'GET' },
        {
          ...deaf,
          onRequestStart: () => {
            throw thrown;
          },
          onResponseError: (_controller, error) => resolve(error),
        },
      );
    });
    expect(failed).toBe(thrown);
  });

  test('an abort without a reason is called what undici calls it', async () => {
    const server = await startServer(() => undefined);
    const failed = await new Promise((resolve) => {
      client(server).dispatch(
        { origin: server.origin, path: '/', method: 'GET' },
        {
          ...deaf,
          // The types want a reason; undici does not.
          onRequestStart: (controller: { abort(reason?: Error): void }) => controller.abort(),
          onResponseError: (_controller, error) => resolve(error),
        },
      );
    });
    expect(failed).toMatchObject({ name: 'AbortError', code: 'UND_ERR_ABORTED' });
  });
});

withAndWithout((client) => {
  test('a wrong path or header fails with undici’s own error', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const requests = client(server);
    const missing = { origin: server.origin, method: 'GET' } as undici8.Dispatcher.RequestOptions;
    await expect(requests.request(missing)).rejects.toMatchObject({ code: 'UND_ERR_INVALID_ARG' });
    // Values that undici's types leave out, and that it is met with all the same.
    const headers = new Map<string, unknown>([['x-mark', {}]]) as unknown as Map<string, string>;
    await expect(requests.request({ origin: server.origin, path: '/', method: 'GET', headers })).rejects.toMatchObject({
      code: 'UND_ERR_INVALID_ARG',
    });
  });

  test('headers from an iterable arrive as undici sends them by itself', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    // Values that undici's types leave out, and that it is met with all the same.
    const pairs = [
      ['x-a', '1'],
      ['x-b', null],
      ['x-a', ['2', '3']],
      ['x-a', undefined],
      ['x-c', undefined],
    ] as unknown as [string, string][];
    const requests = client(server);
    for (const headers of [pairs.values(), new Map(pairs)]) {
      const { body } = await requests.request({
        origin: server.origin,
        path: '/',
        method: 'GET',
        headers,
      });
      await body.dump();
    }
    const seen = server.received.map(({ headers }) => [headers['x-a'], headers['x-b'], headers['x-c']]);
    expect(seen).toEqual([
      ['1, 2, 3', '', undefined],
      [undefined, '', undefined],
    ]);
  });
});

withEachUndici((undici) => {
  test('a stream by the name of FormData, as of the package form-data, is never sent twice', async () => {
    const server = await startServer(vendor(() => 't2', 401));
    const client = agentOf(undici).compose(authInterceptor(testProvider([server.origin])));
    const body = Object.defineProperty(Readable.from(['payload']), Symbol.toStringTag, { value: 'FormData' });
    const response = await client.request({ origin: server.origin, path: '/', method: 'POST', body });
    await response.body.dump();
    expect([response.statusCode, server.received.map((request) => request.body)]).toEqual([401, ['payload']]);
  });

  test('a body whose request was never sent keeps no listener', async () => {
    const provider = testProvider(['http://127.0.0.1:1'], undefined, false);
    provider.login = () => Promise.reject(new Error('no login today'));
    const client = agentOf(undici).compose(authInterceptor(provider));
    const body = new PassThrough();
    const failed = new Promise((resolve) => {
      const handler = { ...deaf, onRequestStart: () => undefined, onResponseError: (_controller: unknown, error: Error) => resolve(error) };
      client.dispatch({ origin: 'http://127.0.0.1:1', path: '/', method: 'POST', body }, handler);
    });
    expect(await failed).toMatchObject({ message: 'no login today' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(body.listenerCount('error')).toBe(0);
  });

  test('undici’s responseError around the interceptor sees only what is still rejected after the renewal', async () => {
    const server = await startServer(vendor(() => 't2', 401));
    const client = agentOf(undici).compose(authInterceptor(testProvider([server.origin])), undici.interceptors.responseError());
    const { statusCode, body } = await client.request({ origin: server.origin, path: '/', method: 'GET' });
    await body.dump();
    expect([statusCode, server.received.length]).toEqual([200, 2]);
  });

  test('interceptors that come after ours get headers that they can spread', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const names: string[][] = [];
    const spread: undici8.Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
      names.push(Object.keys(options.headers ?? {}));
      return dispatch(options, handler);
    };
    const client = agentOf(undici).compose(spread, authInterceptor(testProvider([server.origin])));
    for (const headers of [null, new Headers({ 'x-a': '1' }), new Map([['x-a', '1']])]) {
      await (await client.request({ origin: server.origin, path: '/', method: 'GET', headers })).body.dump();
    }
    expect(names).toEqual([['authorization'], ['x-a', 'authorization'], ['x-a', 'authorization']]);
  });
});

test('a BalancedPool of undici 8, which does not tell where its requests go, is refused when it is composed', async () => {
  const pool = new undici8.BalancedPool(['http://127.0.0.1:1']);
  onTestFinished(() => pool.destroy());
  const auth = authInterceptor(testProvider(['http://127.0.0.1:1']));
  expect(() => pool.compose(auth)).toThrow(expect.objectContaining({ code: 'CONFIG' }));
});

async function expectClosed(server: Server): Promise<void> {
  await expect.poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))), { timeout: 5_000 }).toBe(0);
}
