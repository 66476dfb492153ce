import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A `redis-server` of the bench's own on a free port of 127.0.0.1, which keeps nothing on disk. */
export interface RedisProcess extends AsyncDisposable {
  readonly url: string;
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a server on loopback has a port');
  return address.port;
}

export async function startRedis(): Promise<RedisProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const port = await unusedPort();
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', directory];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const end = (): void => void server.kill('SIGKILL');
  process.once('exit', end);
  const failed = once(server, 'exit').then(() => {
    throw new Error('redis-server ended: is it installed, and its port free?');
  });
  failed.catch(() => undefined);
  const ready = new Promise<void>((resolve) => {
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve();
    });
  });
  await Promise.race([ready, failed, once(server, 'error').then(([error]: unknown[]) => Promise.reject(error))]);
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', end);
      server.kill('SIGKILL');
      await failed.catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
