import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unusedPort } from '../../auth-core/test/helpers/loopback-server.ts';

/** A `redis-server` of the test's own, on a free port of 127.0.0.1, that keeps nothing on disk. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Ends the process at once, without warning to its clients. What it held is lost. */
  stop(): Promise<void>;
  /** Starts it again, empty, on the same port; does nothing where it runs. */
  start(): Promise<void>;
  /** `stop`, and removes its directory. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The server that is started: `redis-server`, or what `REDIS_SERVER` names, such as `valkey-server`. */
function serverBinary(): string {
  return process.env['REDIS_SERVER'] ?? 'redis-server';
}

/** Whether there is a server to start. */
export function hasRedisServer(): boolean {
  return spawnSync(serverBinary(), ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * For `describe.skipIf(…)`: true where the tests cannot run, and then says aloud which. Where nobody would read that, in CI, it throws.
 */
export function mustSkipWithoutRedis(which: string): boolean {
  if (hasRedisServer()) return false;
  const message = `${serverBinary()} is not on the PATH: ${which}`;
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(`${message} cannot run. Install redis-server.`);
  console.warn(`${message} DID NOT RUN.`);
  return true;
}

export async function startRedisServer(args: readonly string[] = []): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'auth-store-redis-'));
  const port = await unusedPort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    if (server !== undefined) return;
    const started = await launch([...baseArguments(port, directory), ...args]);
    // A test run that ends early must not leave a server behind.
    const end = (): void => void started.kill('SIGKILL');
    process.once('exit', end);
    started.once('exit', () => process.removeListener('exit', end));
    server = started;
  }
  async function stop(): Promise<void> {
    const stopping = server;
    server = undefined;
    if (stopping === undefined || stopping.exitCode !== null || stopping.signalCode !== null) return;
    stopping.kill('SIGKILL');
    await once(stopping, 'exit');
  }
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function baseArguments(port: number, directory: string): string[] {
  return ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', directory];
}

function launch(args: readonly string[]): Promise<ChildProcess> {
  const server = spawn(serverBinary(), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${output}`)));
  });
}
