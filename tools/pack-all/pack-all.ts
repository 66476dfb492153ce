import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a manifest of this repository says of a package. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Packs every package, as built, into an empty directory.
 *
 * @returns What to run in a project to install them, for each package that an application asks for.
 */
export function packAll(root: string, into: string): readonly string[] {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  // The pnpm that started this, or the one that the README names.
  const isPnpm = process.env['npm_config_user_agent']?.startsWith('pnpm/') === true;
  const [command, ...before] = isPnpm ? (['pnpm'] as const) : (['npx', '--yes', '--package=pnpm@12', '--', 'pnpm'] as const);
  const args = [...before, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', into];
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const manifests = globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .map((path) => readManifest(join(root, dirname(path))));
  const fileOf = (name: string): string[] =>
    manifests.filter((one) => one.name === name).map(({ version }) => join(into, `${name.slice(1).replace('/', '-')}-${version}.tgz`));
  return manifests
    .filter(({ name }) => name !== '@x/auth-core')
    .map((one) => [
      'npm install',
      ...[...Object.keys({ ...one.dependencies, ...one.optionalDependencies }), one.name].flatMap(fileOf).map(quote),
    ])
    .map((words) => [...words, 'undici'].join(' '));
}

function readManifest(directory: string): Manifest {
  // A manifest of this repository: its shape is pnpm's to check.
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

function quote(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path}"`;
}
