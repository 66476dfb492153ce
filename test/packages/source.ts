import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { packPackages } from './pack.ts';
import { publish, startRegistry } from './registry.ts';

/** Where a project gets our packages from. */
export interface Source {
  /** The range, or the tarball, that a project asks for. */
  readonly range: (name: string) => string;
  /** Where to get those of ours that were not asked for but are needed, in place of the registry. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Lines of the project's `.npmrc`. */
  readonly npmrc: readonly string[];
  /** Further arguments for `npm install`. */
  readonly args: readonly string[];
  readonly close: () => void;
}

/** The packed packages, as files. */
export async function fromTarballs(directory: string): Promise<Source> {
  const tarballs = new Map((await packPackages(directory)).map(({ name, tarball }) => [name, `file:${tarball}`]));
  const range = (name: string): string => tarballs.get(name) ?? '';
  const needed = ['@x/auth-core', '@x/auth-store-sqlite'];
  const overrides = Object.fromEntries(needed.map((name) => [name, range(name)]));
  return { range, overrides, npmrc: [], args: ['--prefer-offline'], close: () => {} };
}

/** The packed packages, published to a registry on this machine. */
export async function fromRegistry(directory: string): Promise<Source> {
  const tarballs = join(directory, 'tarballs');
  mkdirSync(tarballs);
  const packages = await packPackages(tarballs);
  const registry = await startRegistry(join(directory, 'registry'));
  await publish(packages, registry, tarballs);
  const versions = new Map(packages.map(({ name, version }) => [name, `^${version}`]));
  // A cache of its own: what was published here must not be found by anybody later.
  return {
    range: (name) => versions.get(name) ?? '',
    overrides: {},
    npmrc: registry.npmrc,
    args: [`--cache=${join(directory, 'npm-cache')}`],
    close: registry.stop,
  };
}
