import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { copyPrograms, installConsumer, ourPackagesIn, type PackedPackage } from '@x/packed';

/** Where projects are made and where they get packages from. */
export interface Workshop {
  readonly directory: string;
  readonly npmrc: readonly string[];
  readonly packages: readonly PackedPackage[];
}

/** Makes an empty project and installs one provider into it, beside what the application itself has. */
export async function makeProject(
  workshop: Workshop,
  provider: string,
  node: string,
  application: Readonly<Record<string, string>>,
): Promise<string> {
  const packed = workshop.packages.find(({ name }) => name === provider);
  if (packed === undefined) throw new Error(`${provider} was not packed`);
  const label = [provider.replace('@x/', ''), ...Object.values(application)].join('-').replaceAll(/[^\w-]/g, '');
  const directory = join(workshop.directory, label);
  await mkdir(directory);
  const dependencies = { [provider]: `^${packed.version}`, ...application };
  // A cache of its own: what was published here must not be found by anybody later.
  const install = [`--cache=${join(workshop.directory, 'npm-cache')}`];
  await installConsumer({ directory, dependencies, npmrc: workshop.npmrc, node, install });
  await copyPrograms(provider, directory);
  return directory;
}

/** What came with a provider. */
export interface Installed {
  readonly ours: readonly string[];
  readonly packages: number;
  readonly kilobytes: number;
  /** The part of it that is not undici, which an application that makes requests with it has anyway. */
  readonly besidesUndici: number;
}

export async function inspect(project: string): Promise<Installed> {
  const modules = join(project, 'node_modules');
  const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as { packages: object }; // npm's own file
  const all = await kilobytesIn(modules);
  return {
    ours: await ourPackagesIn(project),
    packages: Object.keys(lock.packages).length,
    kilobytes: all,
    besidesUndici: all - (await kilobytesIn(join(modules, 'undici'))),
  };
}

async function kilobytesIn(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.package-lock.json');
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}
