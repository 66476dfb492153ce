import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** One name that a package exports. */
export interface Exported {
  readonly name: string;
  /** The source that declares it, relative to the root; of a name that comes from another package, that package's name. */
  readonly from: string;
}

/** One way to import a package. */
export interface EntryPoint {
  /** `@x/auth-core/provider`. */
  readonly specifier: string;
  readonly exported: readonly Exported[];
}

/** A package that is published. */
export interface PublicPackage {
  readonly name: string;
  /** `auth-core`. */
  readonly folder: string;
  readonly description: string;
  readonly entryPoints: readonly EntryPoint[];
}

interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** The packages of a repository, in the order of their names. */
export function readPackages(root: string): PublicPackage[] {
  return globSync('packages/*/package.json', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => readPackage(root, posix.dirname(path)));
}

function readPackage(root: string, folder: string): PublicPackage {
  // A manifest of this repository: its shape is pnpm's to check.
  const { name, description = '', exports = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const entryPoints = Object.entries(exports).flatMap(([path, target]) => {
    const source = typeof target === 'string' ? undefined : target['@x/source'];
    if (source === undefined) return [];
    return [{ specifier: posix.join(name, path), exported: readExports(root, posix.join(folder, source)) }];
  });
  return { name, folder: posix.basename(folder), description, entryPoints };
}

/** The names that an entry point declares or passes on, all of the core's with `export *`. */
function readExports(root: string, index: string): Exported[] {
  const text = readFileSync(join(root, index), 'utf8');
  const statements = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)';$/gm)];
  const found = statements.flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => ({ name, from: from.startsWith('.') ? posix.join(dirname(index), from) : from })),
  );
  const declared = text.matchAll(/^export (?:async function|function|interface|type|const|class) (\w+)/gm);
  found.push(...[...declared].map(([, name = '']) => ({ name, from: index })));
  const core = /^export \* from '@x\/auth-core';$/m.test(text) ? readExports(root, 'packages/auth-core/src/index.ts') : [];
  found.push(...core.map(({ name }) => ({ name, from: '@x/auth-core' })));
  return found.toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
}
