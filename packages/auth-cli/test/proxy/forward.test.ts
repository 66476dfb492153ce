import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, it } from 'vitest';
import { request } from 'undici';

import { agentOf, withEachUndici } from '../../../auth-core/test/helpers/undici-versions.ts';
import { answerJson, proxyOf, sendRaw, startServer, testVendor } from './helpers.ts';

withEachUndici((undici) => {
  it('the vendor gets the request below its base URL with the token, and nothing of the key', async () => {
    let body = '';
    await using server = await startServer(async (incoming, response) => {
      body = await text(incoming);
      answerJson(response, { ok: true });
    });
    const { provider, tokens } = testVendor(`${server.url}/prefix/v1`);
    await using proxy = await proxyOf(provider, { dispatcher: agentOf(undici) });
    const headers = { ...proxy.authorization, 'x-own': 'kept', 'proxy-authorization': 'Basic eDp5', 'content-type': 'text/plain' };
    const answer = await request(`${proxy.url}/a%20b?q=%2f..&q=2`, { method: 'PUT', headers, body: 'a body' });
    expect(answer.statusCode).toBe(200);
    expect(await answer.body.json()).toEqual({ ok: true });
    expect(body).toBe('a body');
    const [seen] = server.requests;
    expect(seen).toMatchObject({ method: 'PUT', url: '/prefix/v1/a%20b?q=%2f..&q=2' });
    expect(seen?.headers).toMatchObject({
      host: new URL(server.url).host,
      authorization: tokens[0],
      'x-own': 'kept',
      'content-length': '6',
      'accept-encoding': 'identity',
      via: '1.1 vendor-auth',
    });
    expect(seen?.rawHeaders.join('\n')).not.toContain(proxy.key);
    expect(seen?.headers['proxy-authorization']).toBeUndefined();
  });

  it('headers of one connection end there, in both directions, and all others pass byte by byte', async () => {
    await using server = await startServer((_request, response) => {
      const headers = [
        'connection',
        'close, x-hop',
        'x-hop',
        '1',
        'keep-alive',
        'timeout=9',
        'x-name',
        Buffer.from('계약.pdf').toString('latin1'),
      ];
      response.writeHead(200, [
        ...headers,
        'set-cookie',
        'a=1',
        'set-cookie',
        'b=2',
        'x-vendor-auth-error',
        'FORGED',
        'proxy-authenticate',
        'Basic',
      ]);
      response.end('ok');
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const sent = [
      'connection: close, x-mine',
      'x-mine: 1',
      'te: trailers',
      'proxy-connection: keep-alive',
      'upgrade: h2c',
      'x-two: 1',
      'x-two: 2',
    ];
    const start = ['GET / HTTP/1.1', `host: ${proxy.host}`, `authorization: Bearer ${proxy.key}`];
    const answer = await sendRaw(proxy.port, ...start, ...sent);
    expect(answer).toContain(`x-name: ${Buffer.from('계약.pdf').toString('latin1')}\r\n`);
    expect(answer).toContain('set-cookie: a=1\r\nset-cookie: b=2\r\n');
    expect(answer).not.toMatch(/x-hop|keep-alive: timeout=9|FORGED|proxy-authenticate/i);
    const raw = server.requests[0]?.rawHeaders.join('\n').toLowerCase() ?? '';
    expect(raw).toContain('x-two\n1\nx-two\n2');
    expect(raw).not.toMatch(/x-mine|trailers|proxy-connection|upgrade|http2-settings/);
  });

  it('a header of the caller in the place of the token does not stand in its way', async () => {
    await using server = await startServer((_request, response) => void response.end());
    const { provider, tokens } = testVendor(server.url, { cookie: true });
    await using proxy = await proxyOf(provider, { dispatcher: agentOf(undici) });
    await request(proxy.url, { headers: { ...proxy.authorization, cookie: 'session=mine; other=1' } });
    expect(server.requests[0]?.headers.cookie).toBe(`other=1; session=${tokens[0]}`);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('statuses and bodies pass as they are: HEAD, 204, 304, 404, 500, and an answer of HTTP/1.0', async () => {
    await using server = await startServer((incoming, response) => {
      const status = Number(incoming.url?.slice(1));
      response.writeHead(status, status === 304 ? { etag: '"1"' } : { 'content-length': '4' }).end(status === 304 ? undefined : 'text');
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const call = (method: 'GET' | 'HEAD', path: string) => request(proxy.url + path, { method, headers: proxy.authorization });
    for (const status of [200, 404, 500]) {
      const answer = await call('GET', `/${status}`);
      expect([answer.statusCode, await answer.body.text()]).toEqual([status, 'text']);
      expect(answer.headers['x-vendor-auth-error']).toBeUndefined();
    }
    expect(await call('HEAD', '/200')).toMatchObject({ statusCode: 200, headers: { 'content-length': '4' } });
    expect(await call('GET', '/304')).toMatchObject({ statusCode: 304, headers: { etag: '"1"' } });
    const old = await sendRaw(proxy.port, 'GET /200 HTTP/1.0', `host: ${proxy.host}`, `authorization: Bearer ${proxy.key}`);
    expect(old).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\ntext$/);
  });

  it('hints of the vendor before its answer reach the caller', async () => {
    await using server = await startServer((_request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('ok'));
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const answer = await sendRaw(
      proxy.port,
      'GET / HTTP/1.1',
      `host: ${proxy.host}`,
      `authorization: Bearer ${proxy.key}`,
      'connection: close',
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK/i,
    );
  });

  it('a body that waits to be asked for is asked for once the request may pass', async () => {
    let body = '';
    await using server = await startServer(async (incoming, response) => {
      body = await text(incoming);
      response.end();
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const start = [
      'POST / HTTP/1.1',
      `host: ${proxy.host}`,
      `authorization: Bearer ${proxy.key}`,
      'expect: 100-continue',
      'connection: close',
    ];
    const answer = await sendRaw(proxy.port, ...start, 'transfer-encoding: chunked', '', '4', 'text', '0');
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(body).toBe('text');
  });

  it('a caller that leaves takes its request at the vendor along', async () => {
    const gone = Promise.withResolvers<IncomingMessage>();
    await using server = await startServer((incoming) => void incoming.socket.once('close', () => gone.resolve(incoming)));
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const leaving = new AbortController();
    const call = request(proxy.url, { headers: proxy.authorization, signal: leaving.signal });
    call.catch(() => undefined);
    if (server.requests.length === 0) await once(server.server, 'request');
    leaving.abort();
    await gone.promise;
    await expect(call).rejects.toThrow();
    await expect
      .poll(() => proxy.log, { timeout: 30_000 })
      .toEqual([{ method: 'GET', path: '/', duration: expect.any(Number), code: 'CALLER_GONE' }]);
  });

  it('a caller that leaves in the middle of a short body is not heard of at the vendor, and the next caller is served', async () => {
    await using server = await startServer((_request, response) => void response.end('ok'));
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const socket = connect(proxy.port, '127.0.0.1');
    const head = [
      'POST / HTTP/1.1',
      `host: ${proxy.host}`,
      `authorization: Bearer ${proxy.key}`,
      'content-length: 9',
      'expect: 100-continue',
      '',
      '',
    ];
    socket.write(head.join('\r\n'));
    await once(socket, 'data');
    socket.end('half').destroySoon();
    await expect
      .poll(() => proxy.log, { timeout: 30_000 })
      .toEqual([expect.objectContaining({ method: 'POST', code: expect.any(String) })]);
    const next = await request(proxy.url, { headers: proxy.authorization });
    expect(await next.body.text()).toBe('ok');
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('a caller that leaves in the middle of its body takes its request along, and the next caller is served', async () => {
    const gone = Promise.withResolvers<void>();
    await using server = await startServer(async (incoming, response) => {
      incoming.once('close', () => void (incoming.complete || gone.resolve()));
      await text(incoming).catch(() => undefined);
      response.end('ok');
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const socket = connect(proxy.port, '127.0.0.1');
    const head = ['POST / HTTP/1.1', `host: ${proxy.host}`, `authorization: Bearer ${proxy.key}`, 'content-length: 9000000', '', ''];
    socket.write(head.join('\r\n') + 'x'.repeat(100_000));
    if (server.requests.length === 0) await once(server.server, 'request');
    socket.destroy();
    await gone.promise;
    const next = await request(proxy.url, { headers: proxy.authorization });
    expect(await next.body.text()).toBe('ok');
  });

  it('a long body whose token was rejected is not sent twice: the caller is told to send it again, which succeeds', async () => {
    const bodies: number[] = [];
    await using server = await startServer(async (incoming, response) => {
      const isRejected = incoming.headers.authorization === tokens[0];
      bodies.push((await text(incoming)).length);
      response.writeHead(isRejected ? 401 : 200).end();
    });
    const { provider, tokens } = testVendor(server.url);
    await using proxy = await proxyOf(provider, { dispatcher: agentOf(undici) });
    const send = async (size: number) => {
      const answer = await request(proxy.url, { method: 'POST', headers: proxy.authorization, body: 'x'.repeat(size) });
      const told = /its body is [^"]*/.exec(await answer.body.text())?.[0];
      return [answer.statusCode, answer.headers['x-vendor-auth-error'], answer.headers['retry-after'], told];
    };
    const done = [200, undefined, undefined, undefined];
    const why = 'its body is longer than 1 MiB and was not kept: send it again';
    expect(await send(2_000_000)).toEqual([503, 'REPLAY_IMPOSSIBLE', '0', why]);
    expect(await send(2_000_000)).toEqual(done);
    tokens[0] = tokens[1] ?? '';
    expect(await send(1_000_000)).toEqual(done);
    expect(bodies).toEqual([2_000_000, 2_000_000, 1_000_000, 1_000_000]);
  });

  it('a caller that leaves while the proxy logs in is not heard of at the vendor', async () => {
    await using server = await startServer((_request, response) => void response.end('ok'));
    const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const beforeLogin = async (): Promise<void> => {
      asked.resolve();
      await go.promise;
    };
    const { provider, tokens } = testVendor(server.url, { beforeLogin });
    await using proxy = await proxyOf(provider, { dispatcher: agentOf(undici) });
    const leaving = new AbortController();
    const left = request(`${proxy.url}/left`, { headers: proxy.authorization, signal: leaving.signal }).catch(() => 'left');
    await asked.promise;
    leaving.abort();
    expect(await left).toBe('left');
    await expect.poll(() => proxy.log, { timeout: 30_000 }).toEqual([expect.objectContaining({ path: '/left', code: 'CALLER_GONE' })]);
    go.resolve();
    expect((await request(`${proxy.url}/stays`, { headers: proxy.authorization })).statusCode).toBe(200);
    expect(server.requests.map(({ url }) => url)).toEqual(['/stays']);
    expect(tokens).toHaveLength(1);
  });

  it('an answer that the vendor cut off does not look complete to the caller', async () => {
    await using server = await startServer((incoming, response) => {
      response.writeHead(200).write('the first half', () => incoming.socket.resetAndDestroy());
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const answer = await request(proxy.url, { headers: proxy.authorization });
    await expect(answer.body.text()).rejects.toThrow();
  });

  it('a vendor that cannot be reached, or hangs up, is a 502 that says so', async () => {
    const server = await startServer((incoming) => void incoming.socket.resetAndDestroy());
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const call = async (): Promise<unknown> => {
      const { statusCode, headers, body } = await request(proxy.url, { headers: proxy.authorization });
      return [statusCode, headers['x-vendor-auth-error'], await body.json()];
    };
    const failed = (reason: string): unknown[] => [
      502,
      'NETWORK',
      { error: { code: 'NETWORK', message: expect.stringContaining(reason) } },
    ];
    expect(await call()).toEqual(failed('ECONNRESET'));
    await server[Symbol.asyncDispose]();
    expect(await call()).toEqual(failed('ECONNREFUSED'));
    await expect.poll(() => proxy.log.map(({ code }) => code), { timeout: 30_000 }).toEqual(['NETWORK', 'NETWORK']);
  });

  it('a proxy that is closed answers no new request, and ends those that it has', async () => {
    const go = Promise.withResolvers<void>();
    await using server = await startServer(async (_request, response) => {
      response.write('begin, ');
      await go.promise;
      response.end('end');
    });
    await using proxy = await proxyOf(testVendor(server.url).provider, { dispatcher: agentOf(undici) });
    const { body } = await request(proxy.url, { headers: proxy.authorization });
    const closed = proxy.proxy.close();
    await expect(request(proxy.url, { headers: proxy.authorization, reset: true, dispatcher: agentOf(undici) })).rejects.toThrow(
      'ECONNREFUSED',
    );
    go.resolve();
    expect(await body.text()).toBe('begin, end');
    await closed;
  });
});
