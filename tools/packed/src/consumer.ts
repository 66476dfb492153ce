import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** How a project that uses one provider is made. */
export interface ConsumerOptions {
  /** An empty directory. */
  readonly directory: string;
  /** The one package of ours that the project asks for, and where to get it: a version or a tarball. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Where to get packages that were not asked for but are needed, in place of the registry. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Lines of its `.npmrc`. */
  readonly npmrc?: readonly string[];
  /** The Node that npm runs on. */
  readonly node: string;
  /** Further arguments for `npm install`. */
  readonly install?: readonly string[];
}

/** Makes a project and installs it with npm, as a user would. */
export async function installConsumer(options: ConsumerOptions): Promise<void> {
  const { directory, dependencies, overrides, npmrc = [], node, install = [] } = options;
  const manifest = { name: 'consumer', private: true, dependencies, ...(overrides === undefined ? {} : { overrides }) };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  await writeFile(join(directory, '.npmrc'), [...npmrc, ''].join('\n'));
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...install], { cwd: directory, timeout: 120_000, node });
}

/** Puts the programs that use a package into a project that has it installed. */
export async function copyPrograms(provider: string, directory: string): Promise<void> {
  await cp(join(import.meta.dirname, '../consumers', provider.replace('@x/', '')), directory, { recursive: true });
}

/** The packages of ours that a project has, wherever they lie in its `node_modules`. */
export async function ourPackagesIn(directory: string): Promise<readonly string[]> {
  const files = await readdir(join(directory, 'node_modules'), { recursive: true });
  const names = files.flatMap((file) => /(?:^|\/node_modules\/)(@x\/[^/]+)$/.exec(file.replaceAll('\\', '/'))?.[1] ?? []);
  return [...new Set(names)].toSorted();
}
