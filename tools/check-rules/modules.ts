import { posix } from 'node:path';

import * as v from 'valibot';

import type { SourceFile } from './source-file.ts';
import type { Package, Workspace } from './workspace.ts';

const entrySchema = v.object({ '@x/source': v.string() });

/** The file's path below `src/` of its package: `provider/read-env.ts`. */
export function inSource(file: SourceFile, { dir }: Package): string {
  return posix.relative(`${dir}/src`, file.path);
}

/** Where a relative import leads; undefined for an import of a package. */
export function relativeTarget(file: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : undefined;
}

/** The sources behind a package's entry points, by the entry point's name (`.`, `./sandbox`). */
export function entryPoints(workspace: Workspace, { dir, manifest }: Package): Map<string, SourceFile> {
  const found = Object.entries(manifest.exports).flatMap(([name, target]) => {
    const entry = v.safeParse(entrySchema, target);
    const file = entry.success ? workspace.file(posix.join(dir, entry.output['@x/source'])) : undefined;
    return file === undefined ? [] : [[name, file] as const];
  });
  return new Map(found);
}

/** The source that an import leads to, if it is one of ours. */
export function importedFile(workspace: Workspace, file: SourceFile, specifier: string): SourceFile | undefined {
  const target = relativeTarget(file, specifier);
  if (target !== undefined) return workspace.file(target);
  const owner = workspace.packages.find(({ manifest: { name } }) => specifier === name || specifier.startsWith(`${name}/`));
  return owner && entryPoints(workspace, owner).get(`.${specifier.slice(owner.manifest.name.length)}`);
}

/** The package's shell command: the file that `bin` starts and, where that has a folder of its own below `src`, all of the folder. */
export function isShellCommand(file: SourceFile, owner: Package): boolean {
  const { bin } = owner.manifest;
  const starts = (typeof bin === 'string' ? [bin] : Object.values(bin)).map((path) =>
    posix
      .normalize(path)
      .replace(/^dist\//, '')
      .replace(/\.js$/, '.ts'),
  );
  const path = inSource(file, owner);
  return starts.some((start) => path === start || (start.includes('/') && path.startsWith(`${posix.dirname(start)}/`)));
}
