import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';

import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { describe, expect, onTestFinished, test } from 'vitest';

import { createAuthFetch } from '../../src/index.ts';
import { authInterceptor } from '../../src/index.ts';
import { GOOD, json, startServer, status401, testProvider, type TestProvider, type TestServer } from './helpers.ts';

// Both versions have the same surface as far as it is used here.
const versions: [string, typeof undici8][] = [
  ['undici 8', undici8],
  ['undici 7', undici7 as unknown as typeof undici8],
];

const refusals = ['/short', '/long', '/longer', '/endless'];

/** Refuses every token but the second one, at a length that the path names. */
function startVendor(): Promise<TestServer> {
  return startServer(({ authorization, url }, response) => {
    if (url === '/login' || authorization === 'esignon t2') return json(response, 200, GOOD);
    response.writeHead(401, { 'content-type': 'text/plain' });
    if (url === '/endless') response.write('x');
    else response.end('x'.repeat({ '/short': 10, '/long': 200_000 }[url] ?? 2_000_000));
  });
}

/** With a login over the same connection as the calls. */
function providerOver(dispatcher: undici8.Dispatcher, { origin }: TestServer): TestProvider {
  const provider = testProvider([origin], status401);
  provider.login = async () => {
    const { body } = await dispatcher.request({ origin, path: '/login', method: 'POST' });
    await body.dump();
  };
  return provider;
}

describe.each(versions)('on %s', (_version, undici) => {
  function agentOf(options: undici8.Agent.Options): undici8.Agent {
    const agent = new undici.Agent(options);
    onTestFinished(() => agent.destroy());
    return agent;
  }

  test.each(refusals)('the login finds the only connection free, whatever the refusal holds: %s', async (path) => {
    const server = await startVendor();
    const agent = agentOf({ connections: 1 });
    const provider = providerOver(agent, server);
    const client = agent.compose(authInterceptor(provider));
    const calls = Array.from({ length: 4 }, () => client.request({ origin: server.origin, path, method: 'GET' }));
    for (const { statusCode, body } of await Promise.all(calls)) expect([statusCode, await body.json()]).toEqual([200, GOOD]);
    expect(provider.logins).toBe(1);
  });

  test.each(refusals)('so it does with createAuthFetch: %s', async (path) => {
    const server = await startVendor();
    const agent = agentOf({ connections: 1 });
    const provider = providerOver(agent, server);
    // The package's fetch and the global one have types of their own.
    const over = ((input: string, init?: object) => undici.fetch(input, { ...init, dispatcher: agent })) as unknown as typeof fetch;
    const authFetch = createAuthFetch(provider, { fetch: over });
    const answers = await Promise.all(Array.from({ length: 4 }, () => authFetch(server.origin + path)));
    for (const answer of answers) expect([answer.status, await answer.json()]).toEqual([200, GOOD]);
    expect(provider.logins).toBe(1);
  });

  test.each([17_000, 30_000, 300_000])(
    'a refusal of %d bytes whose connection ends with it is renewed, or passed on whole',
    async (length) => {
      const origin = await startClosing('x'.repeat(length));
      const provider = testProvider([origin], status401);
      provider.login = () => new Promise((resolve) => setTimeout(resolve, 50));
      const client = agentOf({}).compose(authInterceptor(provider));
      const renewed = await client.request({ origin, path: '/', method: 'GET' });
      expect([renewed.statusCode, await renewed.body.text()]).toEqual([200, 'ok']);
      provider.current = undefined;
      await provider.getToken();
      provider.budget = 0;
      const refused = await client.request({ origin, path: '/', method: 'GET' });
      expect([refused.statusCode, (await refused.body.text()).length]).toEqual([401, length]);
    },
  );

  test('one whose connection was given up keeps its head, also for those who read it raw', async () => {
    const server = await startVendor();
    const provider = testProvider([server.origin], status401);
    provider.login = async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      // So that the new token is the same as the old one.
      provider.logins = 0;
    };
    const client = agentOf({}).compose(authInterceptor(provider));
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
    const client = agentOf({}).compose(undici.interceptors.deduplicate(), authInterceptor(provider));
    const calls = Array.from({ length: 3 }, () => client.request({ origin: server.origin, path: '/longer', method: 'GET' }));
    for (const { statusCode, body } of await Promise.all(calls)) expect([statusCode, await body.json()]).toEqual([200, GOOD]);
  });
});

/** Answers and closes the connection; only the second token is good. */
async function startClosing(refusal: string): Promise<string> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const good = /authorization: esignon t2/i.test(head.toString());
      const body = good ? 'ok' : refusal;
      const status = good ? '200 OK' : '401 Unauthorized';
      socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
