import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { startServer, testProvider } from './helpers.ts';

const MEGABYTES = 100;

test.each(['application/octet-stream', 'application/json'])(
  '100 MB of %s come through with the same hash and hardly more memory than without the interceptor',
  async (type) => {
    const block = Buffer.alloc(1024 * 1024, '"a long text, "');
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.write('{"body":[');
      let left = MEGABYTES;
      const more = (): void => {
        while (left-- > 0) if (!response.write(block)) return void response.once('drain', more);
        response.end();
      };
      more();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const bare = await leanest(origin, 'bare');
    const auth = await leanest(origin, 'auth');
    expect([auth.hash, auth.bytes]).toEqual([bare.hash, bare.bytes]);
    expect(auth.bytes).toBeGreaterThan(MEGABYTES * 1024 * 1024);
    expect((auth.peak - bare.peak) / 1024 / 1024).toBeLessThan(32);
  },
  60_000,
);

interface Download {
  readonly hash: string;
  readonly bytes: number;
  readonly peak: number;
}

/** Of several downloads the one with the lowest peak: when garbage is collected is chance, and chance only adds. */
async function leanest(origin: string, mode: 'bare' | 'auth'): Promise<Download> {
  let least = await download(origin, mode);
  for (let more = 0; more < 3; more += 1) {
    const next = await download(origin, mode);
    if (next.peak < least.peak) least = next;
  }
  return least;
}

/** In a process of its own, so that nothing else counts. */
async function download(origin: string, mode: 'bare' | 'auth'): Promise<Download> {
  const script = fileURLToPath(new URL('download.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@x/source', script, origin, mode]);
  const measured: Download = JSON.parse(stdout);
  return measured;
}

test('a reader that does not read stops the sender, also behind a judged beginning', async () => {
  let sent = 0;
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"header":{"result_code":"00"},"body":"');
    const block = Buffer.alloc(256 * 1024, 'x');
    const more = (): void => {
      while (sent < 64 * 1024 * 1024) {
        sent += block.length;
        if (!response.write(block)) return void response.once('drain', more);
      }
      response.end('"}');
    };
    more();
  });
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const client = agent.compose(authInterceptor(testProvider([server.origin])));
  const { body } = await client.request({ origin: server.origin, path: '/', method: 'GET' });
  let before = -1;
  // It stands still once the buffers between are full.
  while (sent !== before) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  let received = 0;
  for await (const chunk of body) received += (chunk as Buffer).length;
  expect(received).toBe(64 * 1024 * 1024 + '{"header":{"result_code":"00"},"body":"'.length + 2);
});
