import { request } from 'node:http';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type RunningPlayground, startPlayground } from '../src/start.ts';

let playground: RunningPlayground;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, traffic: false });
});
afterAll(() => playground[Symbol.asyncDispose]());

/** A request as no browser would let a page make it. */
async function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; body: string; headers: object }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string; headers: object }>();
  request(new URL(path, playground.url), { method, headers }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }), reject);
  })
    .on('error', reject)
    .end();
  return promise;
}

const { revoke, page } = { revoke: '/api/esignon/revoke', page: '/' };
const own = (): string => playground.url.slice(0, -1);

test.each([
  ['a page of another site that posts', 'POST', revoke, { origin: 'https://example.com' }],
  ['a page at another port of this machine', 'POST', revoke, { origin: 'http://127.0.0.1:1' }],
  ['a form of another site, whose browser sends no origin', 'POST', revoke, {}],
  ['a sandboxed frame', 'POST', revoke, { origin: 'null' }],
  ['a name of another site that leads to this machine', 'GET', page, { host: 'example.com:4747' }],
  ['an image of another site', 'GET', '/events', { 'sec-fetch-site': 'cross-site' }],
])('%s gets nothing but a 403', async (_name, method, path, headers) => {
  const { status, body } = await ask(method, path, headers);
  expect([status, body]).toEqual([403, expect.stringContaining('its own origin only')]);
});

test('the own page gets what it asks for', async () => {
  expect(await ask('POST', revoke, { origin: own() })).toMatchObject({ status: 200, body: expect.stringContaining('revoked') });
  expect(await ask('GET', page, {})).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Playground</h1>') });
});

test('an action, a vendor or a file that is not there is a 404', async () => {
  for (const path of ['/api/esignon/delete', '/api/nobody/revoke', '/api/esignon/constructor']) {
    expect((await ask('POST', path, { origin: own() })).status).toBe(404);
  }
  for (const path of ['/../package.json', '/src/main.ts', '/%2e%2e/package.json']) expect((await ask('GET', path, {})).status).toBe(404);
});

test('every answer forbids frames, other hosts and inline code', async () => {
  for (const path of [page, '/main.ts', '/nothing']) {
    const { headers } = await ask('GET', path, {});
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self' 'sha256-[^']+';.*frame-ancestors 'none'$/),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

test('only one load at a time runs at a vendor', async () => {
  const [first, second] = await Promise.all([1, 2].map(() => ask('POST', '/api/datacomsys/burst', { origin: own() })));
  expect(new Set([first?.status, second?.status])).toEqual(new Set([200, 409]));
});
