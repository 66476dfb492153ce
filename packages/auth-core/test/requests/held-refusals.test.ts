import { createServer, type Socket } from 'node:net';

import type { Dispatcher } from 'undici';
import { expect, onTestFinished, test } from 'vitest';

import { authInterceptor, createAuthFetch } from '../../src/index.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { agentOf, withEachUndici } from '../helpers/undici-versions.ts';
import { GOOD, json, startServer, status401, testProvider, type TestProvider, type TestServer } from './helpers.ts';

const rejections = ['/short', '/long', '/longer', '/endless'];

/** Rejects every token but the second one, at a length that the path names. */
function startVendor(): Promise<TestServer> {
  return startServer(({ authorization, url }, response) => {
    if (url === '/login' || authorization === 'esignon t2') return json(response, 200, GOOD);
    response.writeHead(401, { 'content-type': 'text/plain' });
    if (url === '/endless') response.write('x');
    else response.end('x'.repeat({ '/short': 10, '/long': 200_000 }[url] ?? 2_000_000));
  });
}

/** With a login over the same connection as the calls. */
function providerOver(dispatcher: Dispatcher, { origin }: TestServer): TestProvider {
  const provider = testProvider([origin], status401);
  provider.login = async () => {
    const { body } = await dispatcher.request({ origin, path: '/login', method: 'POST' });
    await body.dump();
  };
  return provider;
}

withEachUndici((undici) => {
  test.each(rejections)(
    'behind the interceptor, a login finds the only connection free, whatever the rejection holds: %s',
    async (path) => {
      const server = await startVendor();
      const agent = agentOf(undici, { connections: 1 });
      const provider = providerOver(agent, server);
      const client = agent.compose(authInterceptor(provider));
      const calls = Array.from({ length: 4 }, () => client.request({ origin: server.origin, path, method: 'GET' }));
      for (const { statusCode, body } of await Promise.all(calls)) expect([statusCode, await body.json()]).toEqual([200, GOOD]);
      expect(provider.logins).toBe(1);
    },
  );

  test.each(rejections)(
    'behind createAuthFetch, a login finds the only connection free, whatever the rejection holds: %s',
    async (path) => {
      const server = await startVendor();
      const agent = agentOf(undici, { connections: 1 });
      const provider = providerOver(agent, server);
      // The package's fetch and the global one have types of their own.
      const over = ((input: string, init?: object) => undici.fetch(input, { ...init, dispatcher: agent })) as unknown as typeof fetch;
      const authFetch = createAuthFetch(provider, { fetch: over });
      const answers = await Promise.all(Array.from({ length: 4 }, () => authFetch(server.origin + path)));
      for (const answer of answers) expect([answer.status, await answer.json()]).toEqual([200, GOOD]);
      expect(provider.logins).toBe(1);
    },
  );

  test.each([17_000, 30_000, 300_000])(
    'a request whose rejection of %d bytes ends its connection is repeated, or that rejection passed on whole',
    async (length) => {
      const origin = await startClosing('x'.repeat(length));
      const provider = testProvider([origin], status401);
      provider.login = () => new Promise((resolve) => setTimeout(resolve, 50));
      const client = agentOf(undici).compose(authInterceptor(provider));
      const renewed = await client.request({ origin, path: '/', method: 'GET' });
      expect([renewed.statusCode, await renewed.body.text()]).toEqual([200, 'ok']);
      provider.current = undefined;
      await provider.getToken();
      provider.budget = 0;
      const refused = await client.request({ origin, path: '/', method: 'GET' });
      expect([refused.statusCode, (await refused.body.text()).length]).toEqual([401, length]);
    },
  );
});

withEachUndici((undici) => {
  test('a rejection whose connection was given up keeps its head, also for those who read it raw', async () => {
    const server = await startVendor();
    const provider = testProvider([server.origin], status401);
    provider.login = async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      // So that the new token is the same as the old one.
      provider.logins = 0;
    };
    const client = agentOf(undici).compose(authInterceptor(provider));
    const { statusCode, headers, body } = await client.request({
      origin: server.origin,
      path: '/longer',
      method: 'GET',
      responseHeaders: 'raw',
    });
    const raw: unknown = headers;
    expect([statusCode, String(raw)]).toEqual([401, expect.stringContaining('text/plain')]);
    await expect(body.text()).rejects.toThrow('dropped');
  });

  test('those who share a request by deduplicate get the repeated answer, too', async () => {
    const server = await startVendor();
    const provider = testProvider([server.origin], status401);
    provider.login = () => new Promise((resolve) => setTimeout(resolve, 20));
    const client = agentOf(undici).compose(undici.interceptors.deduplicate(), authInterceptor(provider));
    const calls = Array.from({ length: 3 }, () => client.request({ origin: server.origin, path: '/longer', method: 'GET' }));
    for (const { statusCode, body } of await Promise.all(calls)) expect([statusCode, await body.json()]).toEqual([200, GOOD]);
  });
});

/** Answers and closes the connection; only the second token is good. */
async function startClosing(rejection: string): Promise<string> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const good = /authorization: esignon t2/i.test(head.toString());
      const body = good ? 'ok' : rejection;
      const status = good ? '200 OK' : '401 Unauthorized';
      socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  });
  const listening = await listenOnLoopback(server);
  onTestFinished(() => listening[Symbol.asyncDispose]());
  return listening.origin;
}
