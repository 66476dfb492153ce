import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import * as v from 'valibot';

import { parseSource, type SourceFile } from './source-file.ts';

const ranges = v.optional(v.record(v.string(), v.string()), {});

const manifestSchema = v.object({
  name: v.string(),
  exports: v.optional(v.record(v.string(), v.unknown()), {}),
  bin: v.optional(v.union([v.string(), v.record(v.string(), v.string())]), {}),
  dependencies: ranges,
  devDependencies: ranges,
  peerDependencies: ranges,
  optionalDependencies: ranges,
});

/** What its folder's name makes of a package. */
type PackageKind = 'core' | 'provider' | 'store' | 'app' | 'unknown';

export interface Package {
  readonly kind: PackageKind;
  /** The folder, relative to the root: `packages/esignon-auth`. */
  readonly dir: string;
  readonly manifest: v.InferOutput<typeof manifestSchema>;
  readonly manifestText: string;
  /** The TypeScript files below `src`. */
  readonly sources: readonly SourceFile[];
}

/** What the rules look at. */
export interface Workspace {
  readonly root: string;
  readonly packages: readonly Package[];
  /** A file of any package by its path. */
  readonly file: (path: string) => SourceFile | undefined;
  /** Whether the repository holds a file that no rule parses. */
  readonly has: (path: string) => boolean;
}

/** @throws Error where a manifest or a source cannot be read or parsed. */
export function readWorkspace(root: string): Workspace {
  const packages = ['packages', 'apps'].flatMap((parent) => foldersIn(root, parent)).map((dir) => readPackage(root, dir));
  const files = new Map(packages.flatMap(({ sources }) => sources.map((source) => [source.path, source])));
  return { root, packages, file: (path) => files.get(path), has: (path) => existsSync(join(root, path)) };
}

function foldersIn(root: string, parent: string): string[] {
  if (!existsSync(join(root, parent))) return [];
  const names = readdirSync(join(root, parent)).toSorted();
  return names.map((name) => `${parent}/${name}`).filter((dir) => existsSync(join(root, dir, 'package.json')));
}

function readPackage(root: string, dir: string): Package {
  const manifestText = readFileSync(join(root, dir, 'package.json'), 'utf8');
  const paths = globSync(`${dir}/src/**/*.ts`, { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  return {
    kind: kindOf(dir),
    dir,
    manifestText,
    manifest: v.parse(manifestSchema, JSON.parse(manifestText)),
    sources: paths.toSorted().map((path) => parseSource(path, readFileSync(join(root, path), 'utf8'))),
  };
}

function kindOf(dir: string): PackageKind {
  if (dir.startsWith('apps/')) return 'app';
  const name = posix.basename(dir);
  if (name === 'auth-core') return 'core';
  if (name.startsWith('auth-store-')) return 'store';
  return name.endsWith('-auth') ? 'provider' : 'unknown';
}
