import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';

import { type RunningCommand, startCommand, type StartedProxy } from '../helpers/command.ts';
import { proxyOf, startServer, type TestServer, testVendor } from './helpers.ts';

const mebibyte = 1024 * 1024;
const chunk = Buffer.alloc(64 * 1024, 'x');
const folder = mkdtempSync(join(tmpdir(), 'auth-cli-streams-'));
/** In mebibytes. */
const length = process.env['AUTH_TESTS'] === 'full' ? 1024 : 100;

afterAll(() => rmSync(folder, { recursive: true }));

/** As fast as it is taken. Counts what was taken. */
function bytes(size: number, taken: (total: number) => void = () => undefined): Readable {
  function* generate(): Generator<Buffer> {
    for (let sent = 0; sent < size; sent += chunk.length) {
      taken(sent);
      yield chunk;
    }
  }
  return Readable.from(generate(), { objectMode: false, highWaterMark: chunk.length });
}

async function count(body: AsyncIterable<Buffer>, each: (total: number) => void = () => undefined): Promise<number> {
  let total = 0;
  for await (const piece of body) {
    total += piece.length;
    each(total);
  }
  return total;
}

/** eSignon, with a file to load down and a place to load up to. */
async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  if (incoming.url === '/api/company/login') {
    await count(incoming);
    response.end(JSON.stringify({ header: { result_code: '00' }, body: { access_token: 'a-token-of-this-test' } }));
  } else if (incoming.method === 'GET') bytes(length * mebibyte).pipe(response);
  else response.end(String(await count(incoming)));
}

function startProxyProcess({ url }: TestServer): Promise<RunningCommand<StartedProxy>> {
  const account = { ESIGNON_COMPANY_ID: 'company', ESIGNON_EMAIL: 'a@b.example', ESIGNON_PASSWORD: 'password', ESIGNON_BASE_URL: url };
  return startCommand(['esignon', 'proxy', '--store', join(folder, 'tokens.sqlite')], account);
}

/** The memory of a process in mebibytes. */
function residentSize(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/** Looks at the memory at each tenth of a stream, the first of which is for warming up. */
function watchMemory(pid: number): { see(total: number): void; grown(): number } {
  const seen: number[] = [];
  return {
    see: (total) => void (total >= (seen.length + 1) * (length / 10) * mebibyte && seen.push(residentSize(pid))),
    grown: () => Math.max(...seen) - (seen[0] ?? Number.NaN),
  };
}

describe(`a stream of ${length} MiB through the command needs no memory that grows with it`, { timeout: 600_000 }, () => {
  it('from the vendor', async () => {
    await using server = await startServer(answer);
    await using command = await startProxyProcess(server);
    const { url, key } = command.started;
    const memory = watchMemory(command.pid);
    const { body } = await request(url, { headers: { authorization: `Bearer ${key}` } });
    expect(await count(body, memory.see)).toBe(length * mebibyte);
    if (length > 100) console.log(`${length} MiB: the proxy grew by ${Math.round(memory.grown())} MiB after the first tenth`);
    expect(memory.grown()).toBeLessThan(64);
  });

  it('to the vendor', async () => {
    await using server = await startServer(answer);
    await using command = await startProxyProcess(server);
    const { url, key } = command.started;
    const memory = watchMemory(command.pid);
    const body = bytes(length * mebibyte, memory.see);
    const response = await request(url, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
    expect(await response.body.text()).toBe(String(length * mebibyte));
    if (length > 100) console.log(`${length} MiB: the proxy grew by ${Math.round(memory.grown())} MiB after the first tenth`);
    expect(memory.grown()).toBeLessThan(64);
  });
});

/** Resolves when a number has stopped growing. */
async function settled(current: () => number): Promise<number> {
  for (let before = -1; ;) {
    const now = current();
    if (now === before && now > 0) return now;
    before = now;
    await pause(200);
  }
}

/** More than all sockets on the way hold. */
const held = 32 * mebibyte;

it('a vendor sends no faster than the caller reads', async () => {
  let sent = 0;
  await using server = await startServer((_request, response) => void bytes(64 * mebibyte, (total) => (sent = total)).pipe(response));
  await using proxy = await proxyOf(testVendor(server.url).provider);
  const { body } = await request(proxy.url, { headers: proxy.authorization });
  expect(await settled(() => sent)).toBeLessThan(held);
  expect(await count(body)).toBe(64 * mebibyte);
});

it('a caller sends no faster than the vendor reads, also without a length, and gets an answer that comes before its end', async () => {
  let sent = 0;
  const go = Promise.withResolvers<void>();
  await using server = await startServer(async (incoming, response) => {
    if (incoming.url === '/early') response.writeHead(413).end('too long');
    else {
      await go.promise;
      response.end(String(await count(incoming)));
    }
  });
  await using proxy = await proxyOf(testVendor(server.url).provider);
  const upload = request(proxy.url, {
    method: 'POST',
    headers: proxy.authorization,
    body: bytes(64 * mebibyte, (total) => (sent = total)),
  });
  expect(await settled(() => sent)).toBeLessThan(held);
  go.resolve();
  expect(await (await upload).body.text()).toBe(String(64 * mebibyte));
  const early = await request(`${proxy.url}/early`, { method: 'POST', headers: proxy.authorization, body: bytes(8 * mebibyte) });
  expect([early.statusCode, await early.body.text()]).toEqual([413, 'too long']);
});
