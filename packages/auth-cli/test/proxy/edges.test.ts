import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import type { AccessToken } from '@x/auth-core';
import { request } from 'undici';
import { expect, it } from 'vitest';

import { listenOnLoopback } from '../../../auth-core/test/helpers/loopback-server.ts';
import { refuseBrokenRequests } from '../../src/proxy/broken-requests.ts';
import type { ProxyLogEntry } from '../../src/proxy/log-entry.ts';
import { ownNames } from '../../src/proxy/start-proxy.ts';
import { checkTarget } from '../../src/proxy/target.ts';
import { createTokenMask } from '../../src/proxy/token-mask.ts';
import { answerJson, proxyOf, refusalIn, sendRaw, startServer, testVendor } from './helpers.ts';

it('the vendor sees every gateway that a request came through', async () => {
  await using server = await startServer((_request, response) => answerJson(response, 'ok'));
  await using proxy = await proxyOf(testVendor(server.url).provider);
  await request(proxy.url, { headers: { ...proxy.authorization, via: '1.0 gateway' } });
  expect(server.requests[0]?.headers.via).toBe('1.0 gateway, 1.1 vendor-auth');
});

it('a body without a byte is passed on as none', async () => {
  await using server = await startServer(async (incoming, response) => answerJson(response, await text(incoming)));
  await using proxy = await proxyOf(testVendor(server.url).provider);
  const head = ['POST / HTTP/1.1', `host: ${proxy.host}`, `authorization: Bearer ${proxy.key}`, 'connection: close'];
  expect(await sendRaw(proxy.port, ...head, 'transfer-encoding: chunked', '', '0')).toMatch(/^HTTP\/1\.1 200 [^]*""\r\n/);
  const { 'content-length': length, 'transfer-encoding': coding } = server.requests[0]?.headers ?? {};
  expect([length, coding]).toEqual(['0', undefined]);
});

it('a caller of HTTP/1.0 gets the answer alone, without what the vendor said before', async () => {
  await using server = await startServer((_request, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('ok'));
  });
  await using proxy = await proxyOf(testVendor(server.url).provider);
  const answer = await sendRaw(proxy.port, 'GET / HTTP/1.0', `host: ${proxy.host}`, `authorization: Bearer ${proxy.key}`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok$/);
});

it('an answer reaches its caller although the account was forgotten meanwhile', async () => {
  await using server = await startServer(async (_request, response) => {
    await provider.forget();
    answerJson(response, 'ok');
  });
  const { provider } = testVendor(server.url);
  await using proxy = await proxyOf(provider);
  const { statusCode, body } = await request(proxy.url, { headers: proxy.authorization });
  expect([statusCode, await body.json()]).toEqual([200, 'ok']);
});

it('a percent sign in a path, encoded as it has to be, passes', () => {
  expect(checkTarget('/discounts/100%25?of=%zz')).toBeUndefined();
});

it('at the port of HTTP the proxy is also called by its names alone', () => {
  expect([...ownNames(80)]).toEqual(['127.0.0.1', '127.0.0.1:80', 'localhost', 'localhost:80', '[::1]', '[::1]:80']);
  expect([...ownNames(8080)]).toEqual(['127.0.0.1:8080', 'localhost:8080', '[::1]:8080']);
});

it('a caller whose headers do not come in time is told so, and the log too', async () => {
  const http = createServer({ headersTimeout: 20, connectionsCheckingInterval: 10 });
  const log: ProxyLogEntry[] = [];
  refuseBrokenRequests(http, (entry) => log.push(entry));
  await using server = await listenOnLoopback(http);
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET /a HTTP/1.1\r\nhost: ');
  expect(refusalIn(await text(socket))).toEqual({ status: 408, code: 'TIMEOUT' });
  expect(log).toEqual([{ method: '?', path: '?', status: 408, duration: 0, code: 'TIMEOUT' }]);
});

it('the four newest tokens of an account are asterisks in an answer, and an older one is not looked for', () => {
  let current: AccessToken | undefined;
  const mask = createTokenMask({ peekToken: () => current });
  for (const number of [1, 2, 3, 4, 5]) {
    current = { value: `token-number-${number}`, issuedAt: 0 };
    mask.learn();
  }
  expect(mask.text('token-number-1 token-number-2 token-number-5')).toBe('token-number-1 ************** **************');
});
