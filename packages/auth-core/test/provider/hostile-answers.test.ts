import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { assertNoSecrets, type FaultyServer, startFaultyServer } from '@x/auth-core/testing';
import { Agent, Client } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { failureOf, password, send, startRawServer } from './exchange.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

let server: FaultyServer;

beforeEach(async () => {
  server = await startFaultyServer(() => ({ status: 200, json: { ok: true } }));
});

afterEach(() => server.close());

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308] as const)('a login never follows a redirect: %i', async (status) => {
    server.fail({ redirect: `${server.url}/elsewhere`, status });
    const error = await failureOf(send(server.url));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: status, retryable: false });
    expect(error.message).toContain('redirect');
    expect(server.requests).toHaveLength(1);
  });

  it('the target of a redirect, which may repeat the password, is not in the error', async () => {
    server.fail({ redirect: `/?p=${encodeURIComponent(password)}` });
    const error = await failureOf(send(server.url));
    expect(() => assertNoSecrets(error, [password])).not.toThrow();
  });
});

describe('a response that is too large', () => {
  it('a Content-Length above 1 MiB closes the connection before the body is read', async () => {
    let written = 0;
    const raw = await startRawServer((socket: Socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`);
      socket.write('x', () => (written += 1));
    });
    const error = await failureOf(send(raw.url));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: 200, retryable: false });
    await raw.closed();
    expect(written).toBeLessThanOrEqual(1);
    await raw.close();
  });

  it('a chunked body is cut off at 1 MiB', async () => {
    let sent = 0;
    const raw = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
      const pour = (error?: Error | null): void => {
        // After an error every further write calls back with an error: stop here.
        if (error || socket.destroyed) return;
        sent += 65_536;
        socket.write(chunk, pour);
      };
      pour();
    });
    expect(await failureOf(send(raw.url))).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: 200 });
    await raw.closed();
    expect(sent).toBeGreaterThan(1_048_576);
    // The buffers of the sockets come on top.
    expect(sent).toBeLessThan(32 * 1_048_576);
    await raw.close();
  });

  it('a body above the limit of the dispatcher is BAD_RESPONSE', async () => {
    const agent = new Agent({ maxResponseSize: 1_000 });
    server.fail('flood');
    expect((await failureOf(send(server.url, { dispatcher: agent }))).code).toBe('BAD_RESPONSE');
    await agent.destroy();
  });

  it('endless headers are BAD_RESPONSE', async () => {
    await using raw = await startRawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`X-Long: ${'x'.repeat(1_000)}\r\n`.repeat(100)}\r\n`);
    });
    expect((await failureOf(send(raw.url))).code).toBe('BAD_RESPONSE');
  });
});

describe('a failure by its status', () => {
  const half = 'Content-Length: 100\r\n\r\n{"message":';

  it.each([
    ['cut off', (socket: Socket) => socket.end(`HTTP/1.1 401 No\r\n${half}`)],
    ['that never ends', (socket: Socket) => socket.write(`HTTP/1.1 401 No\r\n${half}`)],
    ['compressed', (socket: Socket) => socket.end('HTTP/1.1 401 No\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}')],
    ['too large', (socket: Socket) => socket.write(`HTTP/1.1 401 No\r\nContent-Length: ${2 ** 40}\r\n\r\n`)],
  ])('stays one with a body that is %s, so that refused credentials are known as such', async (_how, answer) => {
    await using raw = await startRawServer(answer);
    const { status, text } = await send(raw.url);
    expect({ status, text }).toEqual({ status: 401, text: '' });
    await raw.closed();
  });

  it('is TIMEOUT where the signal fires before its body is there', async () => {
    const controller = new AbortController();
    await using raw = await startRawServer((socket) => {
      socket.write(`HTTP/1.1 401 No\r\n${half}`, () => controller.abort());
    });
    expect((await failureOf(send(raw.url, { signal: controller.signal }))).code).toBe('TIMEOUT');
  });
});

describe('a connection that breaks', () => {
  it.each(['reset', 'cut'] as const)('a broken connection is NETWORK and retryable: %s', async (fault) => {
    server.fail(fault);
    expect(await failureOf(send(server.url))).toMatchObject({ code: 'NETWORK', provider: 'acme', retryable: true });
  });

  it('a refused connection is NETWORK and retryable', async () => {
    const { url } = server;
    await server.close();
    const error = await failureOf(send(url));
    expect(error).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('a host name without an address is NETWORK and retryable', async () => {
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND vendor.invalid'), { code: 'ENOTFOUND' });
    const agent = new Agent({ connect: { lookup: (_host, _options, done) => done(missing, []) } });
    const error = await failureOf(send('http://vendor.invalid/login', { dispatcher: agent }));
    expect(error).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(error.message).toContain('ENOTFOUND');
    await agent.close();
  });

  it('a login without a response is TIMEOUT when the signal fires', async () => {
    server.fail('silent');
    const error = await failureOf(send(server.url, { signal: AbortSignal.timeout(50) }));
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  it('a login with half a body is TIMEOUT when the signal fires', async () => {
    const controller = new AbortController();
    await using raw = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":', () => controller.abort());
    });
    expect((await failureOf(send(raw.url, { signal: controller.signal }))).code).toBe('TIMEOUT');
    await raw.closed();
  });

  it('a login is not sent if the signal has fired before', async () => {
    const error = await failureOf(send(server.url, { signal: AbortSignal.abort(new Error(password)) }));
    expect(error.code).toBe('TIMEOUT');
    assertNoSecrets(error, [password]);
    expect(server.requests).toHaveLength(0);
  });

  it('a timeout of the dispatcher is TIMEOUT', async () => {
    const agent = new Agent({ headersTimeout: 50 });
    server.fail('silent');
    expect(await failureOf(send(server.url, { dispatcher: agent }))).toMatchObject({ code: 'TIMEOUT', retryable: true });
    await agent.destroy();
  });

  it('a closed dispatcher is CONFIG', async () => {
    const client = new Client(server.url);
    await client.close();
    expect(await failureOf(send(server.url, { dispatcher: client }))).toMatchObject({ code: 'CONFIG', retryable: false });
  });
});

describe('a response that is not HTTP', () => {
  it.each([
    ['two lengths that differ', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['noise', '\u0000\u0001\u0002 noise\r\n\r\n'],
    ['another protocol', '220 smtp.example ESMTP\r\n'],
    ['a status that is none', 'HTTP/1.1 9999 What\r\n\r\n'],
    ['a header that is none', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'],
  ])('a response that is not HTTP is BAD_RESPONSE: %s', async (_what, bytes) => {
    await using raw = await startRawServer((socket) => socket.end(bytes));
    expect(await failureOf(send(raw.url))).toMatchObject({ code: 'BAD_RESPONSE', retryable: false });
  });

  it('an invalid response that repeats the request does not bring the password into the error', async () => {
    for (const begin of ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 ']) {
      await using raw = await startRawServer((socket, received) => socket.end(begin + received));
      const error = await failureOf(send(raw.url));
      expect(error.code).toBe('BAD_RESPONSE');
      assertNoSecrets(error, [password]);
    }
  });
});

describe('a response that is compressed', () => {
  it('a compressed response is BAD_RESPONSE', async () => {
    await using raw = await startRawServer((socket) => {
      const body = gzipSync('{}');
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.end(body);
    });
    const error = await failureOf(send(raw.url));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: 200 });
    expect(error.message).toContain('compressed');
  });

  it('a response with content-encoding identity is accepted', async () => {
    server.fail({ status: 200, headers: { 'content-encoding': 'Identity' }, body: { a: 1 } });
    expect((await send(server.url)).text).toBe('{"a":1}');
  });
});

describe('a login over TLS', () => {
  async function startTls(): Promise<{ url: string; requests: () => number } & AsyncDisposable> {
    let requests = 0;
    const tls = createServer({ key: fixture('untrusted-key.pem'), cert: fixture('untrusted-certificate.pem') }, (_request, response) => {
      requests += 1;
      response.end('{}');
    });
    tls.on('tlsClientError', () => undefined);
    const listening = await listenOnLoopback(tls);
    const url = `https://localhost:${listening.port}`;
    return { url, requests: () => requests, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
  }

  it('an untrusted certificate is NETWORK, and nothing is sent', async () => {
    await using tls = await startTls();
    const error = await failureOf(send(tls.url));
    expect(error).toMatchObject({ code: 'NETWORK', retryable: false });
    expect(error.message).toContain('certificate');
    expect(tls.requests()).toBe(0);
  });

  it('a certificate that the dispatcher trusts is accepted', async () => {
    await using tls = await startTls();
    const agent = new Agent({ connect: { ca: fixture('untrusted-certificate.pem') } });
    expect((await send(tls.url, { dispatcher: agent })).status).toBe(200);
    await agent.close();
  });

  it('a certificate for another host is NETWORK', async () => {
    await using tls = await startTls();
    const agent = new Agent({ connect: { ca: fixture('untrusted-certificate.pem'), servername: 'other.example' } });
    expect(await failureOf(send(tls.url, { dispatcher: agent }))).toMatchObject({ code: 'NETWORK', retryable: false });
    await agent.destroy();
  });
});

it('a port that does not speak TLS is NETWORK, and the error says so', async () => {
  await using plain = await startRawServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const error = await failureOf(send(plain.url.replace('http:', 'https:')));
  expect(error).toMatchObject({ code: 'NETWORK', retryable: false, message: expect.stringContaining('does not speak TLS') });
});

describe('an error of a login', () => {
  it('an error of a login names the URL without the query', async () => {
    server.fail('reset');
    const { message } = await failureOf(send(`${server.url}/api/login?lang=ko&secret=1`));
    expect(message).toContain(`acme: POST ${server.url}/api/login `);
    expect(message).not.toContain('secret');
  });

  it('no error of a login contains the password', async () => {
    for (const fault of ['reset', 'cut', 'oversize', 'flood', 'silent', { redirect: '/x' }] as const) {
      server.fail(fault);
      const error = await failureOf(send(server.url, { signal: AbortSignal.timeout(300) }));
      expect(() => assertNoSecrets(error, [password])).not.toThrow();
    }
  });

  it('the message of a dispatcher’s error is left out whole where it contains the password, and the error says so', async () => {
    const agent = new Agent().compose(() => (options, _handler) => {
      throw Object.assign(new Error(`cannot send ${typeof options.body === 'string' ? options.body : ''}`), { options });
    });
    const error = await failureOf(send(server.url, { dispatcher: agent }));
    assertNoSecrets(error, [password]);
    expect(error.message).toContain('(its message is left out: it repeats a secret)');
  });
});
