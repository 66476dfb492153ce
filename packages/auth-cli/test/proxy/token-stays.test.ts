import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';
import { request } from 'undici';

import { proxyOf, startServer, testVendor } from './helpers.ts';

describe('a redirect is handed out and not followed', () => {
  it.each([
    ['https://other.example/x', 'https://other.example/x'],
    ['//other.example/x', 'http://other.example/x'],
    ['/v1/b?c=1#d', 'PROXY/b?c=1#d'],
    ['VENDOR/v1/b', 'PROXY/b'],
    ['VENDOR/v1', 'PROXY/'],
    ['b', 'PROXY/b'],
    ['../v2/b', 'VENDOR/v2/b'],
    ['/v10/b', 'VENDOR/v10/b'],
    ['VENDOR/v1/../b', 'VENDOR/v1/../b'],
    ['http://user@HOST/v1/b', 'http://user@HOST/v1/b'],
    ['http://[', 'http://['],
  ])('to %s as %s', async (given, expected) => {
    await using server = await startServer((_request, response) => void response.writeHead(307, { location: fill(given) }).end());
    await using proxy = await proxyOf(testVendor(`${server.url}/v1`).provider);
    function fill(template: string): string {
      return template.replace('VENDOR', server.url).replace('HOST', new URL(server.url).host).replace('PROXY', proxy.url);
    }
    const answer = await request(`${proxy.url}/a`, { method: 'POST', headers: proxy.authorization, body: 'once' });
    expect(answer.statusCode).toBe(307);
    expect(answer.headers['location']).toBe(fill(expected));
    expect(server.requests.map(({ url }) => url)).toEqual(['/v1/a']);
  });
});

it('no other origin sees the token or the key, wherever the vendor redirects to', async () => {
  await using other = await startServer((_request, response) => void response.end());
  await using server = await startServer((incoming, response) => {
    const { hostname, port } = new URL(other.url);
    const targets = [`${other.url}/a`, `//${hostname}:${port}/a`, `http://x@${hostname}:${port}/a`];
    response.writeHead(Number(incoming.url?.slice(1, 4)), { location: targets[Number(incoming.url?.slice(5))] ?? '' }).end();
  });
  await using proxy = await proxyOf(testVendor(server.url).provider);
  for (const status of [301, 302, 303, 307, 308]) {
    for (const target of [0, 1, 2]) await request(`${proxy.url}/${status}/${target}`, { headers: proxy.authorization });
  }
  expect(server.requests).toHaveLength(15);
  expect(other.requests).toEqual([]);
});

/** Sends back what it got, as a debug page does, in pieces of every size. */
async function echo(
  pieces: (text: string) => string[],
  spell: (token: string) => string = (token) => token,
): Promise<{ text: string; token: string }> {
  await using server = await startServer((incoming, response) => {
    const shown = `{"you sent":"${spell(incoming.headers.authorization ?? '')}","and":"vendor/token"}`;
    response.writeHead(200, { 'content-length': Buffer.byteLength(shown) });
    void sendPieces(pieces(shown));
    async function sendPieces(all: string[]): Promise<void> {
      for (const piece of all) {
        response.write(piece);
        await pause(1);
      }
      response.end();
    }
  });
  const { provider, tokens } = testVendor(server.url);
  await using proxy = await proxyOf(provider);
  const { body } = await request(proxy.url, { headers: proxy.authorization });
  return { text: await body.text(), token: tokens[0] ?? '' };
}

describe('a token that the vendor sends back in a body is asterisks to the caller', () => {
  it.each([
    ['in one piece', (text: string) => [text]],
    ['letter by letter', (text: string) => Array.from(text)],
    ['in two pieces, with a part of the token in each', (text: string) => [text.slice(0, 30), text.slice(30)]],
  ])('%s', async (_name, pieces) => {
    const { text, token } = await echo(pieces);
    expect(text).toBe(`{"you sent":"${'*'.repeat(token.length)}","and":"vendor/token"}`);
  });

  it.each([
    ['encoded for a URL', encodeURIComponent],
    ['encoded for a URL, in small letters', (token: string) => encodeURIComponent(token).replace(/%../g, (digits) => digits.toLowerCase())],
    ['encoded as in a form', (token: string) => new URLSearchParams({ token }).toString().slice('token='.length)],
    ['with the slashes of JSON', (token: string) => token.replaceAll('/', '\\/')],
  ])('%s', async (_name, spell) => {
    const { text, token } = await echo((all) => [all], spell);
    expect(text).toBe(`{"you sent":"${'*'.repeat(spell(token).length)}","and":"vendor/token"}`);
  });
});

it('a token that the vendor sends back in a header, or that was the current one a moment ago, is asterisks', async () => {
  const { promise: renewed, resolve: renew } = Promise.withResolvers<void>();
  await using server = await startServer((incoming, response) => {
    const { authorization } = incoming.headers;
    response.writeHead(302, {
      'x-debug': `got ${authorization}`,
      location: `https://other.example/?t=${encodeURIComponent(authorization ?? '')}`,
    });
    response.flushHeaders();
    void renewed.then(() => response.end(authorization));
  });
  const { provider, tokens } = testVendor(server.url);
  await using proxy = await proxyOf(provider);
  const answer = await request(proxy.url, { headers: proxy.authorization });
  await provider.forget();
  await provider.getToken();
  renew();
  const hidden = '*'.repeat(tokens[0]?.length ?? 0);
  expect(answer.headers).toMatchObject({
    'x-debug': `got ${hidden}`,
    location: expect.stringMatching(/^https:\/\/other\.example\/\?t=\*+$/),
  });
  expect(await answer.body.text()).toBe(hidden);
});

describe('a body that the vendor compressed although it was asked not to', () => {
  /** The answer to a caller that asks for compression, of a vendor that sends back what it got. */
  async function compressed(encoding: string, compress: (text: string) => Uint8Array, status = 200) {
    await using server = await startServer((incoming, response) => {
      expect(incoming.headers['accept-encoding']).toBe('identity');
      const bytes = compress(`you sent ${incoming.headers.authorization}`);
      response.writeHead(status, { 'content-encoding': encoding, 'content-length': bytes.length }).end(bytes);
    });
    const { provider, tokens } = testVendor(server.url);
    await using proxy = await proxyOf(provider);
    const sent = { ...proxy.authorization, 'accept-encoding': 'gzip' };
    const answer = await request(proxy.url, { headers: sent }).catch(() => undefined);
    const text = (await answer?.body.text().catch(() => undefined)) ?? 'cut off';
    const { 'x-vendor-auth-error': error, 'content-encoding': coding } = answer?.headers ?? {};
    return { statusCode: answer?.statusCode, text, error, coding, token: tokens[0] ?? '' };
  }

  it.each([
    ['gzip', gzipSync],
    ['X-GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is handed on without it, the token masked: %s', async (encoding, compress) => {
    const { token, ...answer } = await compressed(encoding, compress);
    expect(answer).toEqual({ statusCode: 200, text: `you sent ${'*'.repeat(token.length)}` });
  });

  it.each([
    ['in a way that is not known', 'gzip, br', 200],
    ['in part', 'gzip', 206],
  ])('%s is not handed on', async (_name, encoding, status) => {
    const { token, ...answer } = await compressed(encoding, gzipSync, status);
    expect(answer).toEqual({ statusCode: 502, text: expect.stringContaining('UNKNOWN_CONTENT_ENCODING'), error: 'NETWORK' });
    expect(answer.text).not.toContain(token);
  });

  it('and that is broken is cut off', async () => {
    const { token, ...answer } = await compressed('gzip', (text) => gzipSync(text).subarray(0, 20));
    expect(answer).toMatchObject({ text: 'cut off' });
    expect(token).not.toBe('');
  });
});

it('a cookie that renews the token stays with the proxy', async () => {
  await using server = await startServer(
    (_request, response) => void response.writeHead(200, { 'set-cookie': 'session=renewed-by-the-vendor' }).end(),
  );
  await using proxy = await proxyOf(testVendor(server.url, { cookie: true }).provider);
  const answer = await request(proxy.url, { headers: proxy.authorization });
  expect(answer.headers['set-cookie']).toBeUndefined();
});

it('the log tells the method, the path, the status and the time, and neither query, key nor token', async () => {
  await using server = await startServer((_request, response) => void response.end('ok'));
  const { provider, tokens } = testVendor(server.url);
  await using proxy = await proxyOf(provider);
  const { body } = await request(`${proxy.url}/sign?token=of-a-signer`, { headers: proxy.authorization });
  await body.text();
  await request(`${proxy.url}/sign`);
  await expect.poll(() => proxy.log.length, { timeout: 30_000 }).toBe(2);
  expect(proxy.log[0]).toEqual({ method: 'GET', path: '/sign', status: 200, duration: expect.any(Number) });
  expect(proxy.log[1]).toMatchObject({ status: 401, code: 'KEY_REQUIRED' });
  for (const secret of [...tokens, proxy.key, 'of-a-signer']) expect(JSON.stringify(proxy.log)).not.toContain(secret);
});
