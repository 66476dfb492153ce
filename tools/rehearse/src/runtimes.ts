import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { findNode, type NodeBinary } from '@x/node-matrix';
import { runWithPnpm } from '@x/packed';

const directory = join(import.meta.dirname, '../runtimes');
const require = createRequire(join(directory, 'package.json'));

/** Where a package that only the rehearsal needs was installed. */
export function runtimePackage(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** Installs what only the rehearsal needs, as its lockfile says. */
export async function installRuntimes(): Promise<void> {
  const args = ['install', '--frozen-lockfile', '--ignore-scripts'];
  await runWithPnpm('pnpm', args, { cwd: directory, timeout: 300_000 });
}

/** The versions of Node that decide. One that is not here has said so. */
export function nodes(): readonly NodeBinary[] {
  const brought = join(directory, 'package.json');
  return [findNode(20), findNode(22, brought), findNode(24), findNode(26, brought)].filter((node) => node !== undefined);
}

/** A runtime that is reported on without deciding anything. */
export interface OtherRuntime {
  readonly name: string;
  /** How it is started; undefined where it is not here. */
  readonly start: readonly [string, ...string[]] | undefined;
}

export function otherRuntimes(): readonly OtherRuntime[] {
  const bun = findBinary('bun', '@oven/bun-linux-x64', 'bin/bun');
  const deno = findBinary('deno', '@deno/linux-x64-glibc', 'deno');
  return [
    { name: 'Bun', start: bun === undefined ? undefined : [bun, '--no-install'] },
    { name: 'Deno', start: deno === undefined ? undefined : [deno, 'run', '--allow-all', '--node-modules-dir=manual', '--no-remote'] },
  ];
}

/** The binary in a platform's own package, so that no install script has to put it anywhere. */
function findBinary(name: string, platformPackage: string, path: string): string | undefined {
  try {
    const found = join(dirname(createRequire(require.resolve(`${name}/package.json`)).resolve(`${platformPackage}/package.json`)), path);
    return existsSync(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
