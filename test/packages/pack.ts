import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

import { readManifest, repository } from './repository.ts';
import { runWithPnpm } from './run.ts';

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
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', into];
  await runWithPnpm('pnpm', args, { cwd: repository, timeout: 120_000 });
  return globSync('packages/*/package.json', { cwd: repository })
    .toSorted()
    .map((path) => {
      const directory = join(repository, path, '..');
      const { name, version = '' } = readManifest(directory);
      if (!existsSync(join(directory, 'dist/index.js'))) throw new Error(`${name} has not been built: run the build first`);
      return { name, version, directory, tarball: join(into, `${name.slice(1).replace('/', '-')}-${version}.tgz`) };
    });
}
