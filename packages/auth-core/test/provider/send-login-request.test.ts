import { type FaultyServer, type Handler, type ReceivedRequest, startFaultyServer } from '@x/auth-core/testing';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';

import { failureOf, password, send, startRawServer } from './exchange.ts';

const opened: AsyncDisposable[] = [];

async function start(handler: Handler = () => ({ status: 200, json: { ok: true } })): Promise<FaultyServer> {
  const server = await startFaultyServer(handler);
  opened.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

describe('the request of a login', () => {
  it('a login request is a POST of JSON that asks for uncompressed JSON', async () => {
    let seen: ReceivedRequest | undefined;
    const server = await start((request) => {
      seen = request;
      return { status: 200, json: {} };
    });
    await send(`${server.url}/a%20b/login?lang=ko`);
    expect(seen?.method).toBe('POST');
    expect(seen?.url.href).toBe(`${server.url}/a%20b/login?lang=ko`);
    expect(seen?.body).toBe(JSON.stringify({ user: 'u', password }));
    expect(seen?.headers).toEqual({
      host: new URL(server.url).host,
      connection: 'keep-alive',
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'content-length': String(Buffer.byteLength(seen?.body ?? '')),
    });
  });

  it("a login request has the vendor's own headers, which may replace the default ones", async () => {
    let headers: ReceivedRequest['headers'] = {};
    const server = await start((request) => {
      headers = request.headers;
      return { status: 200, json: {} };
    });
    await send(server.url, {}, { headers: { 'user-agent': 'esignonapi', accept: '*/*' } });
    expect(headers['user-agent']).toBe('esignonapi');
    expect(headers.accept).toBe('*/*');
  });

  it('a login request uses the dispatcher of the context', async () => {
    const server = await start();
    let dispatched = 0;
    const agent = new Agent().compose((dispatch) => (options, handler) => {
      dispatched += 1;
      return dispatch(options, handler);
    });
    await send(server.url, { dispatcher: agent });
    expect(dispatched).toBe(1);
    await agent.close();
  });
});

describe('the login response', () => {
  it.each([200, 201, 204, 400, 401, 403, 404, 418, 429, 500, 503])(
    'a login response has its status, headers and text: %i',
    async (status) => {
      const text = status === 204 ? '' : '{"text":"가é"}';
      const server = await start(() => ({ status, text, headers: { 'x-vendor': 'yes' } }));
      const answer = await send(server.url);
      expect(answer).toMatchObject({ status, text });
      expect(answer.header('x-vendor')).toBe('yes');
      expect(answer.header('x-absent')).toBeUndefined();
      expect('retryAfter' in answer).toBe(false);
    },
  );

  it('a body may be split within a character and begin with a byte order mark', async () => {
    await using server = await startRawServer((socket) => {
      const bytes = Buffer.from('\ufeff{"가":"🔑"}');
      socket.setNoDelay(true);
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (const byte of bytes) socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
      socket.write('0\r\n\r\n');
    });
    expect((await send(server.url)).text).toBe('{"가":"🔑"}');
  });

  it.each(['', 'identity', 'Identity, ,'])('a Content-Encoding of %j is none', async (encoding) => {
    const server = await start(() => ({ status: 200, text: '{}', headers: { 'content-encoding': encoding } }));
    expect((await send(server.url)).text).toBe('{}');
  });

  it('a body of 1 MiB is accepted, and one byte more is BAD_RESPONSE', async () => {
    const server = await start(({ url }) => ({ status: 200, text: 'x'.repeat(Number(url.searchParams.get('size'))) }));
    expect((await send(`${server.url}/?size=1048576`)).text).toHaveLength(1_048_576);
    expect((await failureOf(send(`${server.url}/?size=1048577`))).code).toBe('BAD_RESPONSE');
  });

  it('several values of one header are joined', async () => {
    await using server = await startRawServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 0\r\n\r\n');
    });
    expect((await send(server.url)).header('x-a')).toBe('1, 2');
  });

  it('the Date header of any response is reported to the context', async () => {
    const server = await startFaultyServer(() => ({ status: 503, text: '' }), { now: () => Date.UTC(2031, 0, 2, 3, 4, 5) });
    opened.push(server);
    const reports: [string | undefined, number][] = [];
    let now = 1_000;
    await send(server.url, { now: () => (now += 250), reportDate: (date, elapsed) => reports.push([date, elapsed]) });
    expect(reports).toEqual([['Thu, 02 Jan 2031 03:04:05 GMT', 250]]);
  });

  it('the Date header is reported even if the body is too large', async () => {
    const server = await start();
    server.fail('oversize');
    const dates: (string | undefined)[] = [];
    await failureOf(send(server.url, { reportDate: (date) => dates.push(date) }));
    expect(dates).toEqual([expect.stringMatching(/ GMT$/)]);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 1, 12, 0, 0);
  const date = 'Sun, 01 Nov 2026 13:00:00 GMT';

  async function retryAfter(value: string, answerDate?: string): Promise<number | undefined> {
    await using server = await startRawServer((socket) => {
      const dateLine = answerDate === undefined ? '' : `Date: ${answerDate}\r\n`;
      socket.end(`HTTP/1.1 429 Too Many Requests\r\n${dateLine}Retry-After: ${value}\r\nContent-Length: 0\r\n\r\n`);
    });
    return (await send(server.url, { now: () => now })).retryAfter;
  }

  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5_000],
    ['Sun, 01 Nov 2026 13:02:00 GMT', 120_000],
    ['Sunday, 01-Nov-26 13:02:00 GMT', 120_000],
    ['Sun, 01 Nov 2026 12:00:00 GMT', 0],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['Sun, 99 Nov 2026', undefined],
    ['Sun Nov  1 13:02:00 2026', 120_000],
    ['3600', 3_600_000],
    // Epoch seconds, and whatever else would stop an account for years.
    ['1795618730', 3_600_000],
    ['9'.repeat(400), 3_600_000],
    ['Fri, 01 Nov 2999 13:02:00 GMT', 3_600_000],
    ['Sun, 01 Nov 2026 13:02:00', undefined],
    ['Sun, 01 Nov 2026 13:02:00 +0900', undefined],
  ])("Retry-After becomes milliseconds, by the vendor's clock, at most an hour: %j", async (value, expected) => {
    expect(await retryAfter(value, date)).toBe(expected);
  });

  it('Retry-After is counted from the local clock if the response has no Date', async () => {
    expect(await retryAfter('Sun, 01 Nov 2026 12:00:30 GMT')).toBe(30_000);
    expect(await retryAfter('Sun, 01 Nov 2026 12:00:30 GMT', 'yesterday')).toBe(30_000);
  });
});
