import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { type PackedPackage, run } from '@x/packed';

import { runtimePackage } from './runtimes.ts';

/** A registry on this machine that knows our packages and no others. */
export interface Registry {
  /** Lines for the `.npmrc` of a project that is to find our packages here, and all others where it finds them otherwise. */
  readonly npmrc: readonly string[];
  stop(): void;
}

// No uplinks: it has our packages and asks nobody for others.
const config = `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
uplinks: {}
packages: { '**': { access: $all, publish: $all } }
web: { enable: false }
log: { type: stdout, format: json, level: error }
`;

/** Starts a registry whose files are all in the directory. */
export async function startRegistry(directory: string): Promise<Registry> {
  await mkdir(directory);
  await writeFile(join(directory, 'config.yaml'), config);
  const port = await freePort();
  const program = join(runtimePackage('verdaccio'), 'bin/verdaccio');
  const args = [program, '--config', join(directory, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
  const server = spawn(process.execPath, args, {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  await untilUp(`http://127.0.0.1:${port}/-/ping`, server);
  return {
    npmrc: [`@x:registry=http://127.0.0.1:${port}/`, `//127.0.0.1:${port}/:_authToken=rehearsal`, 'fetch-retries=0'],
    stop: () => void server.kill('SIGKILL'),
  };
}

/** Publishes the packed packages. */
export async function publish(packages: readonly PackedPackage[], registry: Registry, directory: string): Promise<void> {
  await writeFile(join(directory, '.npmrc'), [...registry.npmrc, ''].join('\n'));
  for (const { tarball } of packages) {
    await run('npm', ['publish', tarball, '--loglevel=error', '--no-provenance'], { cwd: directory, timeout: 60_000 });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function untilUp(ping: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + 30_000;
  while (Date.now() < end && server.exitCode === null) {
    const answer = await fetch(ping, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(100);
  }
  server.kill('SIGKILL');
  throw new Error(server.exitCode === null ? 'the registry did not come up within 30 s' : `the registry ended (${server.exitCode})`);
}
