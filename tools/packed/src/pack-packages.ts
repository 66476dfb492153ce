import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWithPnpm } from './run.ts';

/** The root of the repository. */
export const repository: string = join(import.meta.dirname, '../../..');

/** A package as it would be published. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** Where it is in the repository. */
  readonly directory: string;
  readonly tarball: string;
}

/**
 * Packs every public package, as built, into a directory.
 *
 * @throws Error if one has not been built.
 */
export async function packPackages(into: string): Promise<readonly PackedPackage[]> {
  await runWithPnpm('pnpm', ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', into], {
    cwd: repository,
    timeout: 120_000,
  });
  const directories = await readdir(join(repository, 'packages'));
  return Promise.all(directories.map((directory) => describe(join(repository, 'packages', directory), into)));
}

async function describe(directory: string, into: string): Promise<PackedPackage> {
  const { name, version } = await readManifest(directory);
  if (!existsSync(join(directory, 'dist/index.js'))) throw new Error(`${name} has not been built: run the build first`);
  return { name, version, directory, tarball: join(into, `${name.slice(1).replace('/', '-')}-${version}.tgz`) };
}

async function readManifest(directory: string): Promise<{ readonly name: string; readonly version: string }> {
  const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('name' in manifest) || !('version' in manifest)) {
    throw new Error(`${directory}/package.json has no name or no version`);
  }
  return { name: String(manifest.name), version: String(manifest.version) };
}
