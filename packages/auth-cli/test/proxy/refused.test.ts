import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  answerJson,
  proxyOf,
  refusalIn,
  sendRaw,
  startServer,
  type TestProxy,
  type TestServer,
  testVendor,
  type TestVendor,
} from './helpers.ts';

let server: TestServer;
let vendor: TestVendor;
let proxy: TestProxy;

beforeAll(async () => {
  server = await startServer((_request, response) => answerJson(response, 'answered by the vendor'));
  vendor = testVendor(`${server.url}/v1`);
  proxy = await proxyOf(vendor.provider);
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** The lines of a good request, but for those that are given. */
function lines({
  start = 'GET /a HTTP/1.1',
  host = `host: ${proxy.host}`,
  key = `authorization: Bearer ${proxy.key}`,
  more = [] as string[],
}): string[] {
  return [start, host, key, ...more, 'connection: close'].filter((line) => line !== '');
}

/** What came of a request: the proxy's own answer, and whether the vendor or the key had to do with it. */
async function outcomeOf(sent: string[]): Promise<unknown> {
  const before = server.requests.length + vendor.tokens.length;
  const answer = await sendRaw(proxy.port, ...sent);
  const header = /^x-vendor-auth-error: (\w+)\r$/m.exec(answer)?.[1];
  return {
    ...refusalIn(answer),
    header,
    heard: server.requests.length + vendor.tokens.length - before,
    showsKey: answer.includes(proxy.key),
  };
}

function refused(status: number, code: string): unknown {
  return { status, code, header: code, heard: 0, showsKey: false };
}

it('a request with the key and an own name passes, by each of the names', async () => {
  for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
    const answer = await sendRaw(proxy.port, ...lines({ host: `host: ${name}:${proxy.port}` }));
    expect(answer).toContain('answered by the vendor');
  }
});

describe('a request without the key is refused before the vendor hears of it', () => {
  it.each([
    ['no key', '', 'KEY_REQUIRED'],
    ['an empty one', 'authorization:', 'KEY_REQUIRED'],
    ['another scheme', 'authorization: Basic dXNlcjpwYXNzd29yZA==', 'KEY_REQUIRED'],
    ['a wrong key', 'authorization: Bearer 0123456789abcdef0123456789abcdef', 'WRONG_KEY'],
  ])('%s', async (_name, key, code) => {
    expect(await outcomeOf(lines({ key }))).toEqual(refused(401, code));
  });

  it('the key with a letter more, or twice', async () => {
    expect(await outcomeOf(lines({ key: `authorization: Bearer ${proxy.key}x` }))).toEqual(refused(401, 'WRONG_KEY'));
    expect(await outcomeOf(lines({ more: [`authorization: Bearer ${proxy.key}`] }))).toEqual(refused(401, 'KEY_REQUIRED'));
  });
});

describe('a page in a browser cannot use the proxy, whatever key it shows', () => {
  it.each(['rebound.example', '127.0.0.1', 'localhost', '127.0.0.1:1', 'localhost.example:80', '127.0.0.1:80, localhost'])(
    'by the name %s',
    async (host) => {
      expect(await outcomeOf(lines({ host: `host: ${host}` }))).toEqual(refused(403, 'FOREIGN_HOST'));
    },
  );

  it.each(['https://page.example', 'null', 'http://127.0.0.1'])('from the origin %s', async (origin) => {
    expect(await outcomeOf(lines({ more: [`origin: ${origin}`] }))).toEqual(refused(403, 'BROWSER'));
  });

  it('by two names, or by none', async () => {
    expect(await outcomeOf(lines({ more: [`host: ${proxy.host}`] }))).toEqual(refused(403, 'FOREIGN_HOST'));
    expect(await outcomeOf(lines({ host: '' }))).toEqual(refused(403, 'FOREIGN_HOST'));
    expect(await outcomeOf(lines({ start: 'GET /a HTTP/1.0', host: '' }))).toEqual(refused(403, 'FOREIGN_HOST'));
  });
});

describe('a target that may lead out of the base URL is refused', () => {
  it.each([
    '/../admin',
    '/a/..',
    '/a/./b',
    '/%2e%2e/admin',
    '/a/.%2E/admin',
    '/a/%252e%252e/admin',
    '/a/%25252e%25252e/admin',
    '/a/%252e%252e/admin/%25',
    '/a%2f..%2fadmin',
    '/a/..;x=1/admin',
    '/a/%2e%2e%3bx/admin',
    '/a\\..\\admin',
    '/a/..%5cadmin',
    '/a%0d%0ax:1',
    '/a%00',
    '/a%zz',
    '//other.example/a',
    'http://other.example/a',
    'https://127.0.0.1/a',
    '*',
    '/a#b',
  ])('%s', async (target) => {
    expect(await outcomeOf(lines({ start: `GET ${target} HTTP/1.1` }))).toEqual(refused(400, 'BAD_TARGET'));
  });

  it('a whole URL with its own Host, as HTTP clients send it to their proxy, for its name already', async () => {
    const start = 'GET http://vendor.example/a HTTP/1.1';
    expect(await outcomeOf(lines({ start, host: 'host: vendor.example' }))).toEqual(refused(403, 'FOREIGN_HOST'));
  });

  it('the proxy itself, spelt as a whole URL', async () => {
    expect(await outcomeOf(lines({ start: `GET ${proxy.url}/a HTTP/1.1` }))).toEqual(refused(400, 'BAD_TARGET'));
  });
});

describe('a request that is no plain one, or can be read in two ways, is refused', () => {
  it.each([
    ['a host in the place of the path', 'GET @other.example/ HTTP/1.1', [], 400, 'BAD_REQUEST'],
    ['a host and a port in its place', 'GET other.example:443 HTTP/1.1', [], 400, 'BAD_REQUEST'],
    ['letters beyond ASCII', 'GET /\u00e9 HTTP/1.1', [], 400, 'BAD_REQUEST'],
    ['CONNECT', 'CONNECT other.example:443 HTTP/1.1', [], 405, 'METHOD'],
    ['TRACE, whose answer would show the token', 'TRACE /a HTTP/1.1', [], 405, 'METHOD'],
    ['an upgrade', 'GET /a HTTP/1.1', ['upgrade: websocket'], 501, 'UPGRADE'],
    ['another expectation than to go on', 'POST /a HTTP/1.1', ['expect: a-miracle', 'content-length: 0'], 417, 'EXPECTATION'],
    ['two lengths', 'POST /a HTTP/1.1', ['content-length: 1', 'content-length: 2'], 400, 'BAD_REQUEST'],
    ['a length and chunks', 'POST /a HTTP/1.1', ['content-length: 1', 'transfer-encoding: chunked'], 400, 'BAD_REQUEST'],
    ['another coding than chunked', 'POST /a HTTP/1.1', ['transfer-encoding: gzip, chunked'], 501, 'TRANSFER_CODING'],
    ['chunks that are not the last coding', 'POST /a HTTP/1.1', ['transfer-encoding: chunked, gzip'], 400, 'BAD_REQUEST'],
    ['a folded header', 'GET /a HTTP/1.1', ['x: a', ' b: c'], 400, 'BAD_REQUEST'],
    ['a space before the colon', 'GET /a HTTP/1.1', ['x : a'], 400, 'BAD_REQUEST'],
    ['headers without end', 'GET /a HTTP/1.1', [`x: ${'a'.repeat(20_000)}`], 431, 'HEADERS_TOO_LARGE'],
  ])('%s', async (_name, start, more, status, code) => {
    expect(await outcomeOf(lines({ start, more }))).toEqual(refused(status, code));
  });

  it('no HTTP at all', async () => {
    expect(await outcomeOf(['hello'])).toEqual(refused(400, 'BAD_REQUEST'));
  });

  it.each(['', ' HTTP/0.9', ' HTTP/1.2', ' HTTP/2.0', ' HTTP/3.0'])(
    'another version of HTTP, with good headers: GET /a%s',
    async (version) => {
      expect(await outcomeOf(lines({ start: `GET /a${version}` }))).toEqual(refused(400, 'BAD_REQUEST'));
    },
  );
});

it('the refusal of a HEAD request has no body', async () => {
  const answer = await sendRaw(proxy.port, ...lines({ start: 'HEAD /a HTTP/1.1', key: '' }));
  expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*x-vendor-auth-error: KEY_REQUIRED[^]*\r\n\r\n$/);
});

it('a client that offers HTTP/2 with its request, as that of Java does, is answered in HTTP/1.1', async () => {
  const answer = await sendRaw(proxy.port, ...lines({ more: ['upgrade: h2c', 'http2-settings: AAA'] }));
  expect(answer).toContain('answered by the vendor');
});

it('a body that waits to be asked for is not asked for where the request is refused', async () => {
  const answer = await sendRaw(proxy.port, 'POST /a HTTP/1.1', `host: ${proxy.host}`, 'expect: 100-continue', 'content-length: 5');
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
});

it('a line of the log tells each refusal, also of what is no request', async () => {
  proxy.log.length = 0;
  for (const start of ['CONNECT other.example:443 HTTP/1.1', 'no request']) await sendRaw(proxy.port, ...lines({ start }));
  await expect.poll(() => proxy.log.length, { timeout: 30_000 }).toBe(2);
  expect(proxy.log).toEqual([
    { method: 'CONNECT', path: 'other.example:443', status: 405, duration: 0, code: 'METHOD' },
    { method: '?', path: '?', status: 400, duration: 0, code: 'BAD_REQUEST' },
  ]);
});

it.each(['no request', 'CONNECT other.example:443 HTTP/1.1'])(
  '%s behind a good request closes the connection, and is not taken for its answer',
  async (start) => {
    const good = lines({}).filter((line) => line !== 'connection: close');
    const answer = await sendRaw(proxy.port, ...good, '', start, `host: ${proxy.host}`);
    expect(answer).toMatch(/^(?:HTTP\/1\.1 200 [^]*answered by the vendor[^]*)?$/);
    expect(answer).not.toContain('"error"');
  },
);
