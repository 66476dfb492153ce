/** What a user downloads: bytes of installed files, and of a bundle that is minified and compressed, undici outside. */
import { globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import * as v from 'valibot';

import { answer, readInput } from '../harness/own-process.ts';

export interface SizeInput {
  /** What is bundled, as the source of a module. */
  readonly source: string;
  /** The package that is installed, with all that it depends on. */
  readonly package: string;
}

export interface SizeAnswer {
  /** Bytes, minified and compressed with gzip. */
  readonly bundle: number;
  /** Bytes of the package's own files, as far as they are published. */
  readonly own: number;
  /** Bytes of the package and of all that it depends on, but for undici. */
  readonly installed: number;
  /** How many packages these are. */
  readonly packages: number;
}

const manifestSchema = v.object({
  files: v.optional(v.array(v.string())),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
});

/** The folder of a package as one that depends on it finds it. */
function find(name: string, from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return realpathSync(join(folder, 'node_modules', name));
    } catch {
      continue;
    }
  }
  throw new Error(`${name} is not installed`);
}

function bytesOf(folder: string, files: readonly string[] | undefined): number {
  // A package of this workspace lies here with its sources and tests: what is published of it counts.
  const isOurs = !folder.includes('node_modules');
  const patterns = isOurs && files !== undefined ? ['package.json', ...files.flatMap((file) => [file, `${file}/**`])] : ['**'];
  const paths = new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: folder, exclude: ['node_modules', '**/node_modules/**'] })));
  return [...paths].map((path) => statSync(join(folder, path))).reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
}

function measureInstalled(name: string): Omit<SizeAnswer, 'bundle'> {
  const seen = new Map<string, number>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    seen.set(folder, bytesOf(folder, manifest.files));
    for (const dependency of Object.keys(manifest.dependencies)) if (dependency !== 'undici') visit(find(dependency, folder));
  };
  const first = find(name, import.meta.dirname);
  visit(first);
  return { own: seen.get(first) ?? 0, installed: [...seen.values()].reduce((sum, bytes) => sum + bytes, 0), packages: seen.size };
}

async function measureBundle(source: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['undici', 'node:*'],
    logLevel: 'error',
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}

const { source, package: name } = readInput<SizeInput>();
await answer({ bundle: await measureBundle(source), ...measureInstalled(name) } satisfies SizeAnswer);
