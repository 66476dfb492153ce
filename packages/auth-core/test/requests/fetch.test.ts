import { createHash, randomBytes } from 'node:crypto';
import v8 from 'node:v8';
import { Readable } from 'node:stream';
import vm from 'node:vm';
import zlib from 'node:zlib';

import * as undici from 'undici';
import { describe, expect, test, vi } from 'vitest';

import { AuthError, createAuthFetch } from '../../src/index.ts';
import { fetchOf, withEachFetch } from '../helpers/undici-versions.ts';
import { GOOD, insideLogin, json, startServer, status401, testProvider, vendor, type TestProvider } from './helpers.ts';

const SHARED = Buffer.from(JSON.stringify(GOOD));

class JsonResponse extends Response {
  constructor(data: unknown) {
    super(JSON.stringify(data), { headers: { 'content-type': 'application/json' } });
  }
}

/** As from a fetch that logs what it gets. */
async function readAlready(): Promise<Response> {
  const response = new JsonResponse(GOOD);
  const data: unknown = await response.json();
  return Object.assign(response, { json: async () => data });
}

v8.setFlagsFromString('--expose-gc');
const collectGarbage: unknown = vm.runInNewContext('gc');

withEachFetch(({ around, Request }) => {
  test('createAuthFetch reads what it is called with as fetch does: a Request is a second argument, too', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const authFetch = createAuthFetch(testProvider([server.origin]), around);
    const like = { method: 'DELETE', headers: { 'x-mark': '1' } };
    await authFetch(server.origin, new Request(server.origin, like));
    const inherited: unknown = Object.create({ method: 'DELETE', headers: { 'x-mark': '1' } });
    await authFetch(server.origin, inherited as RequestInit);
    for (const { method, headers, authorization } of server.received) {
      expect([method, headers['x-mark'], authorization]).toEqual(['DELETE', '1', 'esignon t1']);
    }
    expect(server.received.length).toBe(2);
  });

  test('createAuthFetch attaches the token, and leaves a caller’s own Authorization alone', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const authFetch = createAuthFetch(testProvider([server.origin]), around);
    const own = new Map([['AUTHORIZATION', 'mine']]);
    for (const init of [
      undefined,
      { headers: { 'x-mark': '1' } },
      { headers: [['x-mark', '1']] },
      { headers: new Headers({ 'x-mark': '1' }) },
      { headers: own.entries() },
    ]) {
      // Node's types know fewer shapes than fetch takes.
      await (await authFetch(server.origin, init as RequestInit)).text();
    }
    expect(server.received.map((request) => request.authorization)).toEqual([...Array(4).fill('esignon t1'), 'mine']);
    expect(server.received.map((request) => request.headers['x-mark'])).toEqual([undefined, '1', '1', '1', undefined]);
  });
});

withEachFetch(({ around, FormData }) => {
  describe.each([200, 401] as const)('with rejections by HTTP %i', (status) => {
    const form = new FormData();
    form.set('a', 'payload');
    const bodies: [string, unknown][] = [
      ['no body', undefined],
      ['text', 'payload'],
      ['URLSearchParams', new URLSearchParams({ a: 'payload' })],
      ['a FormData', form],
      ['a Blob', new Blob(['payload'])],
      ['an ArrayBuffer', new TextEncoder().encode('payload').buffer],
      ['a view', new TextEncoder().encode('payload')],
    ];
    test.each(bodies)('a token that is rejected is renewed, and the request repeated once with %s', async (_what, body) => {
      const server = await startServer(vendor(() => 't2', status));
      const provider = testProvider([server.origin]);
      const init = { method: body === undefined ? 'GET' : 'POST', ...(body !== undefined && { body }) };
      const response = await createAuthFetch(provider, around)(server.origin, init as RequestInit);
      expect([response.status, response.url, response.type, response.redirected]).toEqual([200, `${server.origin}/`, 'basic', false]);
      expect(await response.json()).toMatchObject(GOOD);
      expect([provider.logins, server.received.length]).toEqual([1, 2]);
      const [first, second] = server.received.map((request) => request.body.replaceAll(/formdata-undici-\d+/g, ''));
      expect(second).toBe(first);
      if (body !== undefined) expect(second).toContain('payload');
      expect(server.received[1]?.headers['content-type']?.split(';')[0]).toBe(server.received[0]?.headers['content-type']?.split(';')[0]);
    });

    test('a body that is a stream is never sent twice: the rejection is handed out and the token renewed', async () => {
      const server = await startServer(vendor(() => 't2', status));
      const provider = testProvider([server.origin]);
      const init = { method: 'POST', body: new Blob(['payload']).stream(), duplex: 'half' } as RequestInit;
      const response = await createAuthFetch(provider, around)(server.origin, init);
      expect([response.status, await response.json()]).toEqual([status, { header: { result_code: '94' }, body: { echo: 'payload' } }]);
      expect([server.received.length, provider.current?.value]).toEqual([1, 't2']);
    });
  });
});

withEachFetch(({ around }) => {
  describe.each([200, 401] as const)('with rejections by HTTP %i', (status) => {
    test('a body that cannot be sent twice fails with REPLAY_IMPOSSIBLE where that was asked for', async () => {
      const server = await startServer(vendor(() => 't2', status));
      const init = { method: 'POST', body: new Blob(['payload']).stream(), duplex: 'half' } as RequestInit;
      const call = createAuthFetch(testProvider([server.origin]), { ...around, onUnreplayable: 'error' })(server.origin, init);
      await expect(call).rejects.toMatchObject({ code: 'REPLAY_IMPOSSIBLE' });
    });

    test('a second rejection is passed on, and the first where no more logins are allowed', async () => {
      const server = await startServer(vendor(() => 'none', status));
      const provider = testProvider([server.origin]);
      provider.budget = 1;
      const authFetch = createAuthFetch(provider, around);
      for (const requests of [2, 3]) {
        const response = await authFetch(server.origin, { method: 'POST', body: 'x' });
        expect([response.status, await response.json()]).toEqual([status, { header: { result_code: '94' }, body: { echo: 'x' } }]);
        expect([server.received.length, provider.logins]).toEqual([requests, 1]);
      }
    });

    test('a call whose token cannot be renewed rejects with the AuthError of that login', async () => {
      const server = await startServer(vendor(() => 't2', status));
      const provider = testProvider([server.origin]);
      const error = new AuthError({ code: 'NOT_ALLOWED', provider: 'test', message: 'no' });
      provider.login = () => Promise.reject(error);
      await expect(createAuthFetch(provider, around)(server.origin)).rejects.toBe(error);
    });
  });
});

withEachFetch(({ around, FormData }) => {
  test('200 requests whose rejections are spread over 300 ms cost one login', async () => {
    const server = await startServer(({ authorization, url }, response) => {
      const ok = authorization === 'esignon t2';
      setTimeout(() => json(response, 200, { header: { result_code: ok ? '00' : '94' } }), ok ? 0 : Number(url.slice(1)) * 1.5);
    });
    const provider = testProvider([server.origin]);
    provider.login = () => new Promise((resolve) => setTimeout(resolve, 50));
    const authFetch = createAuthFetch(provider, around);
    const answers = Array.from({ length: 200 }, async (_, at) =>
      (await authFetch(`${server.origin}/${at}`, { method: 'POST', body: 'x' })).json(),
    );
    expect(new Set((await Promise.all(answers)).map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify(GOOD)]));
    expect(provider.logins).toBe(1);
  });

  test.each(['gzip', 'deflate', 'br'] as const)('a body in %s is looked into, and handed on as it was', async (encoding) => {
    const encode = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync }[encoding];
    const server = await startServer(({ authorization }, response) => {
      const body = encode(JSON.stringify({ header: { result_code: authorization === 'esignon t2' ? '00' : '94' } }));
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding, 'content-length': body.length })
        .end(body);
    });
    const response = await createAuthFetch(testProvider([server.origin]), around)(server.origin);
    expect(await response.json()).toEqual(GOOD);
  });

  test.each(['a login', 'a renewal'])(
    'a body is sent as it was when it was handed over, though it is changed before %s is over',
    async (what) => {
      const server = await startServer(vendor(() => 't2'));
      const provider = testProvider([server.origin], undefined, what === 'a renewal');
      const authFetch = createAuthFetch(provider, around);
      const query = new URLSearchParams();
      const bytes = new Uint8Array(1);
      const form = new FormData();
      const sent: Promise<Response>[] = [];
      for (const page of ['1', '2', '3']) {
        query.set('page', page);
        bytes[0] = page.charCodeAt(0);
        form.set('page', `page ${page}`);
        sent.push(...[query, bytes, bytes.buffer, form].map((body) => authFetch(server.origin, { method: 'POST', body })));
      }
      const answers: unknown[] = [];
      for (const response of await Promise.all(sent)) answers.push(await response.json());
      const echoes = (page: string): unknown[] => [`page=${page}`, page, page, expect.stringContaining(`page ${page}`)];
      const kinds = sent.length / 3;
      expect(answers).toMatchObject(['1', '2', '3'].flatMap((page) => echoes(page).slice(0, kinds)).map((echo) => ({ body: { echo } })));
    },
  );
});

withEachFetch(({ around }) => {
  test('an answer that was looked into and is never read gives its connection back', async () => {
    const body = JSON.stringify({ ...GOOD, body: 'x'.repeat(4_000_000) });
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    let open = 0;
    server.server.on('connection', (socket) => {
      open += 1;
      socket.on('error', () => undefined).on('close', () => (open -= 1));
    });
    const authFetch = createAuthFetch(testProvider([server.origin]), around);
    for (let call = 0; call < 5; call += 1) expect((await authFetch(server.origin)).ok).toBe(true);
    expect(open).toBeGreaterThan(0);
    await vi.waitFor(
      () => {
        if (typeof collectGarbage === 'function') collectGarbage();
        expect(open).toBe(0);
      },
      { timeout: 20_000, interval: 50 },
    );
  }, 30_000);

  test('the answer of a request that came back from another origin, where the token does not go, is not judged', async () => {
    const home = await startServer(({ url, authorization }, response) => {
      if (url === '/start') response.writeHead(307, { location: abroad.origin }).end();
      else json(response, authorization === undefined ? 401 : 200, {});
    });
    const abroad = await startServer((_request, response) => void response.writeHead(307, { location: `${home.origin}/end` }).end());
    const provider = testProvider([home.origin], status401);
    const response = await createAuthFetch(provider, around)(`${home.origin}/start`, { method: 'POST', body: 'once' });
    expect([response.status, response.url, provider.calls]).toEqual([401, `${home.origin}/end`, []]);
    expect(home.received.length).toBe(2);
  });

  test('the Response is the one that the fetch returned, whatever a caller does to it', async () => {
    const server = await startServer((_request, response) => {
      const body = JSON.stringify(GOOD);
      response.socket?.write(`HTTP/1.1 200 정상\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    const authFetch = createAuthFetch(testProvider([server.origin]), around);
    const response = await authFetch(server.origin);
    expect([response.statusText, response.clone().statusText]).toEqual(['정상', '정상']);
    expect(Object.keys(Object.getOwnPropertyDescriptors(response))).toEqual([]);
    const Kind: { prototype: Response } = Object.getPrototypeOf(response).constructor;
    expect(await Kind.prototype.json.call(response)).toEqual(GOOD);
  });
});

withEachFetch(({ around }) => {
  test('a response that was looked into can be read in every way, once', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const authFetch = createAuthFetch(testProvider([server.origin]), around);
    const text = JSON.stringify(GOOD);
    const get = (): Promise<Response> => authFetch(server.origin);
    expect(await (await get()).text()).toBe(text);
    expect(Buffer.from(await (await get()).arrayBuffer()).toString()).toBe(text);
    const blob = await (await get()).blob();
    expect([await blob.text(), blob.type]).toEqual([text, 'application/json']);
    const response = await get();
    expect(response.bodyUsed).toBe(false);
    const copy = response.clone();
    expect([copy.url, copy.status, copy.headers.get('content-type'), await copy.text()]).toEqual([
      response.url,
      200,
      'application/json',
      text,
    ]);
    expect(response.bodyUsed).toBe(false);
    expect(Buffer.concat(await Array.fromAsync(response.body ?? [])).toString()).toBe(text);
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(() => response.headers.set('x', 'y')).toThrow(TypeError);
  });

  test('a large JSON answer streams on behind its beginning', async () => {
    const blob = randomBytes(6_000_000).toString('base64');
    const text = JSON.stringify({ body: blob, header: { result_code: '94' } });
    const server = await startServer(
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text),
    );
    const provider = testProvider([server.origin]);
    const response = await createAuthFetch(provider, around)(server.origin);
    const hash = createHash('sha256');
    for await (const chunk of response.body ?? []) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(text).digest('hex'));
    expect(provider.calls).toEqual([]);
  });
});

withEachFetch(({ around }) => {
  test('an answer whose beginning decides is handed out while the rest is still to come', async () => {
    let finish = (): void => undefined;
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"header":{"result_code":"00"},"body":');
      finish = () => void response.end('1}');
    });
    const response = await createAuthFetch(testProvider([server.origin]), around)(server.origin);
    finish();
    expect(await response.json()).toEqual({ ...GOOD, body: 1 });
  });

  test('an abort rejects with the signal’s reason, while the login is under way and while the answer is judged', async () => {
    const reason = new Error('enough');
    const judged = new AbortController();
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"body":');
      setTimeout(() => judged.abort(reason), 20);
    });
    const provider = testProvider([server.origin]);
    const authFetch = createAuthFetch(provider, around);
    await expect(authFetch(server.origin, { signal: judged.signal })).rejects.toBe(reason);
    await expect(authFetch(server.origin, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    provider.current = undefined;
    const waiting = new AbortController();
    provider.login = () => new Promise(() => setTimeout(() => waiting.abort(reason), 10));
    await expect(authFetch(server.origin, { signal: waiting.signal })).rejects.toBe(reason);
    expect(server.received.length).toBe(1);
  });
});

withEachFetch(({ around, Request }) => {
  test.each(['a signal that fired before', 'a signal that fires during the login', 'a login that fails'])(
    'the stream that was to be sent ends with %s',
    async (which) => {
      const server = await startServer((_request, response) => json(response, 200, GOOD));
      const controller = new AbortController();
      const reason = new Error('enough');
      const provider = testProvider([server.origin], undefined, false);
      provider.login = () => (which === 'a login that fails' ? Promise.reject(reason) : new Promise(() => controller.abort(reason)));
      if (which === 'a signal that fired before') controller.abort(reason);
      const ended: unknown[] = [];
      const body = new ReadableStream({ cancel: (why) => void ended.push(why) });
      const init = { method: 'POST', body, duplex: 'half', signal: controller.signal } as RequestInit;
      await expect(createAuthFetch(provider, around)(server.origin, init)).rejects.toBe(reason);
      expect(ended).toEqual([reason]);
      expect(server.received).toEqual([]);
    },
  );

  test('what was kept of a Request is let go of with the verdict', async () => {
    const server = await startServer((_request, response) => json(response, 200, GOOD));
    const request: Request = new Request(server.origin, { method: 'POST', body: 'payload' });
    const clones: Request[] = [];
    const clone = request.clone.bind(request);
    const cloned = vi.spyOn(request, 'clone').mockImplementation(() => {
      clones.push(clone());
      return clones.at(-1) ?? request;
    });
    await createAuthFetch(testProvider([server.origin]), around)(request);
    expect(await clones[0]?.body?.getReader().read()).toMatchObject({ done: true });
    const own: Request = new Request(server.origin, { method: 'POST', body: 'payload', headers: { authorization: 'mine' } });
    const ownCloned = vi.spyOn(own, 'clone');
    await createAuthFetch(testProvider([server.origin]), around)(own);
    expect(ownCloned).not.toHaveBeenCalled();
    expect(cloned).toHaveBeenCalledOnce();
  });
});

test('a Blob of another class is sent again, and the body of a rejection that is a stream of Node’s is ended', async () => {
  const rejection = Readable.from(['rejected']);
  const sent: unknown[] = [];
  const stub = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(init?.body);
    const { headers } = new Response();
    return { status: sent.length === 1 ? 401 : 200, headers, body: sent.length === 1 ? rejection : null } as unknown as Response;
  };
  const blob = { size: 1, [Symbol.toStringTag]: 'Blob' } as unknown as Blob;
  const authFetch = createAuthFetch(testProvider(['https://vendor.example']), { fetch: stub });
  expect((await authFetch('https://vendor.example', { method: 'POST', body: blob })).status).toBe(200);
  expect(sent).toEqual([blob, blob]);
  expect(rejection.destroyed).toBe(true);
});

test('a call rejects with an AbortError where its signal has no reason', async () => {
  const signal = { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined } as unknown as AbortSignal;
  const call = createAuthFetch(testProvider(['https://vendor.example']))('https://vendor.example', { signal });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

test.each([undefined, { status: 200, headers: { 'content-type': 'application/json' } }])(
  'createAuthFetch hands on what a mock answers: %j',
  async (answer) => {
    const authFetch = createAuthFetch(testProvider(['https://vendor.example']), { fetch: async () => answer as unknown as Response });
    expect(await authFetch('https://vendor.example')).toBe(answer);
  },
);

test('a Request is repeated, stream and all', async () => {
  for (const body of ['payload', new Blob(['payload']).stream()]) {
    const server = await startServer(vendor(() => 't2'));
    const init = { method: 'POST', body, duplex: 'half', headers: { 'x-mark': '1' } } as RequestInit;
    const request = new Request(server.origin, init);
    const response = await createAuthFetch(testProvider([server.origin]))(request);
    expect(await response.json()).toMatchObject({ ...GOOD, body: { echo: 'payload' } });
    expect(request.bodyUsed).toBe(true);
    expect(server.received.map((entry) => [entry.body, entry.headers['x-mark']])).toEqual([
      ['payload', '1'],
      ['payload', '1'],
    ]);
  }
});

test('a Request and a FormData of undici’s own are repeated', async () => {
  const server = await startServer(vendor(() => 't2'));
  const authFetch = createAuthFetch(testProvider([server.origin]), { fetch: fetchOf(undici) });
  const request = new undici.Request(server.origin, { method: 'POST', body: 'payload' }) as unknown as Request;
  expect(await (await authFetch(request)).json()).toMatchObject({ ...GOOD, body: { echo: 'payload' } });
  const form = new undici.FormData();
  form.set('a', 'payload');
  const response = await authFetch(server.origin, { method: 'POST', body: form as unknown as FormData });
  expect(await response.json()).toMatchObject({ body: { echo: expect.stringContaining('payload') } });
});

test('a relative URL goes below baseUrl, by default the one of the provider; an absolute one is taken as it is', async () => {
  const server = await startServer((_request, response) => json(response, 200, GOOD));
  const below = createAuthFetch(testProvider([server.origin]), { baseUrl: `${server.origin}/api/` });
  for (const url of ['v2/company?x=1', '/v2', '', '?a=1', '#part', new URL('/other', server.origin)]) await (await below(url)).text();
  await (await createAuthFetch(testProvider([server.origin]))('/account')).text();
  expect(server.received.map((request) => request.url)).toEqual([
    '/api/v2/company?x=1',
    '/api/v2',
    '/api',
    '/api?a=1',
    '/api',
    '/other',
    '/account',
  ]);
  expect(new Set(server.received.map((request) => request.authorization))).toEqual(new Set(['esignon t1']));
});

test.each([
  '//evil.example/x',
  '/../x',
  '..',
  'a/../../x',
  '/%2e%2e/x',
  '/.%2E/x',
  '/..%2fx',
  '..%5Cx',
  '\\\\evil',
  '/a\\b',
  'ftp://x',
  'data:,x',
  'javascript:x',
  '\thttps://evil.example',
  ' https://evil.example',
])('a URL that would lead out of baseUrl, or has another scheme, is CONFIG and sends nothing: %s', async (url) => {
  const server = await startServer((_request, response) => json(response, 200, GOOD));
  const authFetch = createAuthFetch(testProvider([server.origin]), { baseUrl: `${server.origin}/api` });
  await expect(authFetch(url)).rejects.toMatchObject({ code: 'CONFIG', message: expect.stringContaining('baseUrl') });
  expect(server.received).toEqual([]);
});

test('createAuthFetch sends no token to another origin, and none from inside the login', async () => {
  const server = await startServer((_request, response) => json(response, 401, {}));
  const provider = testProvider(['https://vendor.example'], status401);
  const login = { ...testProvider([server.origin]), [insideLogin]: () => true };
  for (const authFetch of [createAuthFetch(provider), createAuthFetch(login)]) expect((await authFetch(server.origin)).status).toBe(401);
  expect(server.received.map((request) => request.authorization)).toEqual([undefined, undefined]);
  expect([provider.calls, login.calls]).toEqual([[], []]);
});

test('a login that fails sends nothing, and leaves the Request to be used again', async () => {
  const server = await startServer(vendor(() => 't2'));
  const provider = testProvider([server.origin], undefined, false);
  const error = new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'test', message: 'no' });
  provider.login = () => Promise.reject(error);
  const request = new Request(server.origin, { method: 'POST', body: 'payload' });
  await expect(createAuthFetch(provider)(request)).rejects.toBe(error);
  expect([server.received.length, await request.text()]).toEqual([0, 'payload']);
});

test.each<[string, () => unknown]>([
  ['an object with a status and json()', () => ({ ok: true, status: 200, json: async () => GOOD })],
  [
    'one with headers and no stream',
    () => ({ status: 200, headers: new Headers({ 'content-type': 'application/json' }), json: async () => GOOD }),
  ],
  ['a Response of a class of its own', () => new JsonResponse(GOOD)],
  ['a Response with a relative URL', () => Object.defineProperty(Response.json(GOOD), 'url', { value: '/relative' })],
  ['one that was read already', readAlready],
  ['one that cannot be cloned', () => Object.assign(Response.json(GOOD), { clone: undefined })],
  [
    'one over chunks that belong to somebody else',
    () => new Response(ReadableStream.from([SHARED]), { headers: { 'content-type': 'application/json' } }),
  ],
])('createAuthFetch takes what stands in for a fetch in a test: %s', async (_what, answer) => {
  // Stand-ins are rarely what their type says.
  const fetch = (async () => answer()) as typeof globalThis.fetch;
  const authFetch = createAuthFetch(testProvider(['https://vendor.example']), { fetch });
  for (let call = 0; call < 2; call += 1) expect(await (await authFetch('https://vendor.example/')).json()).toEqual(GOOD);
});

test('parameters of a class of its own are sent as that class spells them', async () => {
  class Parameters extends URLSearchParams {
    override toString(): string {
      return super.toString().replaceAll('+', '%20');
    }
  }
  const server = await startServer((_request, response) => json(response, 200, GOOD));
  const body = new Parameters({ a: '1 2' });
  await (await createAuthFetch(testProvider([server.origin]))(server.origin, { method: 'POST', body })).text();
  expect(server.received.map((request) => request.body)).toEqual(['a=1%202']);
});

test('a call rejects with what isRejection throws', async () => {
  const server = await startServer((_request, response) => json(response, 200, GOOD));
  const error = new Error('a mistake of the provider');
  const provider = testProvider([server.origin], ({ body }) => {
    if (body === undefined) return 'need-body';
    throw error;
  });
  await expect(createAuthFetch(provider)(server.origin)).rejects.toBe(error);
});

test('a Request keeps its referrer', async () => {
  const server = await startServer((_request, response) => json(response, 200, GOOD));
  // The global fetch of some versions of Node forgets it by itself.
  const authFetch = createAuthFetch(testProvider([server.origin]), { fetch: fetchOf(undici) });
  const request = new undici.Request(server.origin, { referrer: `${server.origin}/page` });
  await (await authFetch(request)).text();
  expect(server.received.map(({ headers }) => headers.referer)).toEqual([`${server.origin}/page`]);
});

test('createAuthFetch looks the global fetch up at each call', async () => {
  const provider = testProvider(['https://vendor.example'], status401);
  const authFetch = createAuthFetch(provider);
  const original = globalThis.fetch;
  try {
    globalThis.fetch = async (_input, init) => new Response(new Headers(init?.headers).get('authorization'));
    expect(await (await authFetch('https://vendor.example/')).text()).toBe('esignon t1');
  } finally {
    globalThis.fetch = original;
  }
});

test.each([undefined, { baseUrl: 'https://a.example', origins: ['https://a.example'] }])(
  'createAuthFetch cannot be made of what is no provider: %j',
  (given) => {
    const error = expect.objectContaining({
      code: 'CONFIG',
      message: expect.stringContaining('expected what create…TokenProvider(options) returns'),
    });
    expect(() => createAuthFetch(given as unknown as TestProvider)).toThrow(error);
  },
);

test.each([
  ['no origin', [], {}],
  ['an unknown onUnreplayable', ['https://a.example'], { onUnreplayable: 'x' as 'error' }],
  ['a relative baseUrl', ['https://a.example'], { baseUrl: '/api' }],
  ['a baseUrl where the token must not go', ['https://a.example'], { baseUrl: 'https://b.example/api' }],
])('createAuthFetch cannot be made with %s', (_what, origins, options) => {
  expect(() => createAuthFetch(testProvider(origins), options)).toThrow(expect.objectContaining({ code: 'CONFIG' }));
});

test.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
  'a caller who sets the header %s to a value that is no text keeps what fetch makes of it, and no token goes along',
  async (name) => {
    const server = await startServer((_request, response) => json(response, 200, {}));
    const headers: Record<string, string> = {};
    for (const value of [7, undefined]) {
      // As callers without types do.
      Object.assign(headers, { [name]: value });
      await createAuthFetch(testProvider([server.origin]))(server.origin, { headers });
    }
    expect(server.received.map((request) => request.headers.authorization)).toEqual(['7', 'undefined']);
  },
);
