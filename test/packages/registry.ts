import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { unusedPort } from '../../packages/auth-core/test/helpers/loopback-server.ts';
import type { PackedPackage } from './pack.ts';
import { run } from './run.ts';
import { runtimePackage } from './runtimes.ts';

// No uplinks: it has our packages and asks nobody for others.
const config = `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
uplinks: {}
packages: { '**': { access: $all, publish: $all } }
web: { enable: false }
log: { type: stdout, format: json, level: error }
`;

/** A registry on this machine that knows our packages and no others. */
export interface Registry {
  /** Lines for the `.npmrc` of a project that is to find our packages here, and all others where it finds them otherwise. */
  readonly npmrc: readonly string[];
  readonly stop: () => void;
}

/** Starts a registry whose files are all in the directory. */
export async function startRegistry(directory: string): Promise<Registry> {
  mkdirSync(directory);
  writeFileSync(join(directory, 'config.yaml'), config);
  const port = await unusedPort();
  const program = join(runtimePackage('verdaccio'), 'bin/verdaccio');
  const args = [program, '--config', join(directory, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
  const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' };
  const server = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'], env });
  const stop = (): void => void server.kill('SIGKILL');
  process.on('exit', stop);
  await untilUp(`http://127.0.0.1:${port}/-/ping`, server);
  return { stop, npmrc: [`@x:registry=http://127.0.0.1:${port}/`, `//127.0.0.1:${port}/:_authToken=rehearsal`, 'fetch-retries=0'] };
}

/** Publishes the packed packages from a directory. */
export async function publish(packages: readonly PackedPackage[], { npmrc }: Registry, cwd: string): Promise<void> {
  writeFileSync(join(cwd, '.npmrc'), [...npmrc, ''].join('\n'));
  for (const { tarball } of packages) {
    await run('npm', ['publish', tarball, '--loglevel=error', '--no-provenance'], { cwd, timeout: 60_000 });
  }
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
