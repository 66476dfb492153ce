import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The sources of everything that can be imported from the packages of a repository, in the order of their names, but the core's first: what a provider
 * passes on is described where it is found first.
 */
export function entryPoints(root: string): string[] {
  const core = 'packages/auth-core/package.json';
  const others = globSync('packages/*/package.json', { cwd: root, exclude: [core] });
  const manifests = [core, ...others.toSorted()];
  return manifests.flatMap((path) => {
    // A manifest of this repository: its shape is pnpm's to check.
    const { exports } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { exports: Record<string, string | Record<string, string>> };
    const sources = Object.values(exports).map((target) => (typeof target === 'string' ? undefined : target['@x/source']));
    return sources.filter((source) => source !== undefined).map((source) => join(root, path, '..', source));
  });
}
