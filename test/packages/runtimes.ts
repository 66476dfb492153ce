import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { findNode, type NodeBinary } from '@x/node-matrix';

import { runWithPnpm } from './run.ts';

const directory = join(import.meta.dirname, 'runtimes');
const manifest = join(directory, 'package.json');

/** Installs what only the rehearsal needs, as its lockfile says. */
export async function installRuntimes(): Promise<void> {
  await runWithPnpm('pnpm', ['install', '--frozen-lockfile', '--ignore-scripts'], { cwd: directory, timeout: 300_000 });
}

/** Where a package that only the rehearsal needs was installed. */
export function runtimePackage(name: string): string {
  return dirname(createRequire(manifest).resolve(`${name}/package.json`));
}

/** The versions of Node that are promised. One that is not here has said so. */
export function allNodes(): readonly NodeBinary[] {
  return [findNode(20), findNode(22, manifest), findNode(24), findNode(26, manifest)].filter((node) => node !== undefined);
}

/** A runtime that nothing is promised of, and how it is started. */
export interface OtherRuntime {
  readonly name: string;
  readonly start: readonly [string, ...string[]];
}

/** Bun and Deno, from their platform's own packages: no install script has to put them anywhere. */
export function otherRuntimes(): readonly OtherRuntime[] {
  const found = (name: string, platform: string, path: string): string =>
    join(dirname(createRequire(join(runtimePackage(name), 'package.json')).resolve(`${platform}/package.json`)), path);
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  return [
    { name: 'Bun', start: [found('bun', '@oven/bun-linux-x64', 'bin/bun'), '--no-install'] },
    {
      name: 'Deno',
      start: [found('deno', '@deno/linux-x64-glibc', 'deno'), 'run', '--allow-all', '--node-modules-dir=manual', '--no-remote'],
    },
  ];
}
