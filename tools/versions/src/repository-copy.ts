import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { repository, run, temporaryDirectory } from '@x/packed';

/** A copy of the repository as it stands, with a history of its own. */
export interface RepositoryCopy {
  /** Commits a changeset for one package. Returns the commit. */
  addChange(name: string, kind: 'patch' | 'minor' | 'major', summary: string): Promise<string>;
  /** Runs `changeset version`. Returns what changed its version: `{ '@x/name': '1.0.0 -> 1.1.0' }`. */
  version(): Promise<Record<string, string>>;
  /** The manifests of the packages that are not published, by path. */
  privateManifests(): Promise<ReadonlyMap<string, string>>;
  read(path: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Copies what a release reads of what git knows or would take, and starts every public package at 1.0.0. Without `node_modules`: whatever
 * pnpm might do in the copy, it must not reach ours.
 */
export async function copyRepository(): Promise<RepositoryCopy> {
  const temporary = await temporaryDirectory();
  const root = temporary.path;
  const within = (command: string, ...args: readonly string[]): Promise<string> => run(command, args, { cwd: root, timeout: 60_000 });
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
  const manifests = await copyFiles(root);
  await startHistory(root, manifests, within);

  return {
    read,
    remove: () => temporary.remove(),
    addChange: async (name, kind, summary) => {
      await writeFile(join(root, '.changeset/a-change.md'), `---\n'${name}': ${kind}\n---\n\n${summary}\n`);
      await within('git', 'add', '.changeset');
      await within('git', 'commit', '--quiet', '--message', summary);
      return (await within('git', 'rev-parse', 'HEAD')).trim();
    },
    version: async () => {
      const before = await Promise.all(manifests.map(read));
      await within(process.execPath, join(repository, 'node_modules/@changesets/cli/bin.js'), 'version');
      return changedVersions(before, await Promise.all(manifests.map(read)));
    },
    privateManifests: async () => {
      const texts = await Promise.all(manifests.map(async (path) => [path, await read(path)] as const));
      return new Map(texts.filter(([, text]) => parse(text).private === true));
    },
  };
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
}

function parse(text: string): Manifest {
  // A package.json of this repository.
  return JSON.parse(text) as Manifest;
}

/** Returns the paths of the manifests. */
async function copyFiles(root: string): Promise<readonly string[]> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: repository, timeout: 60_000 });
  const files = listed.split('\0').filter((path) => /^[^/]+$|^\.changeset\/(?!.*\.md$)|\/package\.json$/.test(path));
  for (const path of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(join(repository, path), join(root, path));
  }
  return files.filter((path) => path.endsWith('package.json'));
}

async function startHistory(
  root: string,
  manifests: readonly string[],
  within: (command: string, ...args: readonly string[]) => Promise<string>,
): Promise<void> {
  for (const path of manifests) {
    const text = await readFile(join(root, path), 'utf8');
    if (parse(text).private !== true) await writeFile(join(root, path), text.replace(/"version": "[^"]*"/, '"version": "1.0.0"'));
  }
  await within('git', 'init', '--quiet', '--initial-branch', 'main');
  await within('git', 'config', 'user.name', 'Test');
  await within('git', 'config', 'user.email', 'test@example.org');
  await within('git', 'config', 'commit.gpgsign', 'false');
  await within('git', 'add', '.');
  await within('git', 'commit', '--quiet', '--message', 'Start');
}

function changedVersions(before: readonly string[], after: readonly string[]): Record<string, string> {
  const was = new Map(before.map(parse).map(({ name, version }) => [name, version]));
  const changed = after.map(parse).filter(({ name, version }) => version !== was.get(name));
  return Object.fromEntries(changed.map(({ name, version }) => [name, `${was.get(name)} -> ${version}`]));
}
