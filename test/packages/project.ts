import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './run.ts';
import type { Source } from './source.ts';

const consumers = join(import.meta.dirname, 'consumers');

/** A provider, installed into a project of its own with npm, as a user would. */
export interface Project {
  /** Where the programs are that use the provider. */
  readonly programs: string;
  /** The packages of ours that it has, wherever they lie in its `node_modules`. */
  ours(): readonly string[];
  /** Runs one of the programs. @returns The last line that it wrote. */
  run(program: string, start: readonly [string, ...string[]]): Promise<string>;
}

/**
 * Makes a project in a directory.
 *
 * @param application What the application itself asks for beside the provider.
 * @param node The Node that npm runs on.
 */
export async function makeProject(
  directory: string,
  provider: string,
  { range, overrides, npmrc, args }: Source,
  application: Readonly<Record<string, string>>,
  node: string,
): Promise<Project> {
  mkdirSync(directory);
  const manifest = { name: 'consumer', private: true, dependencies: { [provider]: range(provider), ...application }, overrides };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(directory, '.npmrc'), [...npmrc, ''].join('\n'));
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...args], { cwd: directory, timeout: 120_000, node });
  cpSync(consumers, directory, { recursive: true });
  const programs = join(directory, provider.replace('@x/', ''));
  return {
    programs,
    ours: () => oursIn(join(directory, 'node_modules')),
    run: async (program, [command, ...before]) => {
      const written = await run(command, [...before, join(programs, program)], { cwd: directory, timeout: 60_000 });
      return written.trim().split('\n').at(-1) ?? '';
    },
  };
}

function oursIn(modules: string): readonly string[] {
  const paths = readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const names = paths.flatMap((path) => /(?:^|\/node_modules\/)(@x\/[^/]+)$/.exec(path)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}
