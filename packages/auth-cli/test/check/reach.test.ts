import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { expect, it } from 'vitest';

import { listenOnLoopback } from '../../../auth-core/test/helpers/loopback-server.ts';
import { ProxyRefusal, reach } from '../../src/check/reach.ts';
import { proxyFor } from '../../src/dispatcher.ts';

/** The way to a URL through a proxy that answers each CONNECT with this status, and what the proxy was asked. */
async function wayThroughProxy(text: string, status: number): Promise<{ way: Promise<string>; asked: IncomingMessage[]; proxy: string }> {
  const asked: IncomingMessage[] = [];
  const http = createServer().on('connect', (request: IncomingMessage, socket: Duplex) => {
    asked.push(request);
    socket.on('error', () => undefined).end(`HTTP/1.1 ${status} Answer\r\n\r\n`);
  });
  await using server = await listenOnLoopback(http);
  const url = new URL(text);
  const proxy = proxyFor(url, { http_proxy: `http://user:p%40ss@127.0.0.1:${server.port}` });
  const way = reach({ url, proxy, signal: new AbortController().signal });
  await way.catch(() => undefined);
  return { way, asked, proxy: server.origin };
}

it('the way through a proxy is asked for by host and port, which is 80 where the URL names none', async () => {
  const { way, asked, proxy } = await wayThroughProxy('http://vendor.example/api', 200);
  expect(await way).toBe(`${proxy} → vendor.example, HTTP`);
  expect(asked.map(({ url, headers }) => [url, headers.host])).toEqual([['vendor.example:80', 'vendor.example:80']]);
});

it('the proxy gets its user and password as they were before they stood in a URL', async () => {
  const { asked } = await wayThroughProxy('http://vendor.example:8080/api', 200);
  expect(asked[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  expect(asked[0]?.url).toBe('vendor.example:8080');
});

it.each([300, 403, 407, 502])('a proxy that answers HTTP %i has not opened the way', async (status) => {
  const { way } = await wayThroughProxy('http://vendor.example/api', status);
  await expect(way).rejects.toThrow(new ProxyRefusal(status));
});
