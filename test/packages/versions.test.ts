import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { copyRepository, type Manifest, readManifest, remove, repository, temporaryDirectory } from './repository.ts';
import { run } from './run.ts';

const timeout = 60_000;
let root: string;
let manifests: readonly string[];
const within = (command: string, ...args: readonly string[]): Promise<string> => run(command, args, { cwd: root, timeout });
const readAll = (): Manifest[] => manifests.map((path) => readManifest(join(root, path, '..')));

/** What a release reads, with every public package at 1.0.0 and a history of its own. */
beforeEach(async () => {
  root = temporaryDirectory();
  const paths = await copyRepository(root, (path) => /^[^/]+$|^\.changeset\/(?!.*\.md$)|\/package\.json$/.test(path));
  manifests = paths.filter((path) => path.endsWith('package.json'));
  for (const [index, manifest] of readAll().entries()) {
    if (manifest.private !== true)
      writeFileSync(join(root, manifests[index] ?? ''), JSON.stringify({ ...manifest, version: '1.0.0' }, null, 2));
  }
  await within('git', 'init', '--quiet', '--initial-branch', 'main');
  for (const [key, value] of [
    ['user.name', 'Test'],
    ['user.email', 'test@example.org'],
    ['commit.gpgsign', 'false'],
  ] as const)
    await within('git', 'config', key, value);
  await commit('Start');
}, timeout);
afterEach(() => remove(root));

async function commit(message: string): Promise<string> {
  await within('git', 'add', '.');
  await within('git', 'commit', '--quiet', '--message', message);
  return (await within('git', 'rev-parse', 'HEAD')).trim();
}

/** Commits a changeset for one package. Returns the commit. */
function addChange(name: string, kind: 'patch' | 'minor' | 'major', summary: string): Promise<string> {
  writeFileSync(join(root, '.changeset/a-change.md'), `---\n'${name}': ${kind}\n---\n\n${summary}\n`);
  return commit(summary);
}

/** Runs `changeset version`. Returns what changed its version. */
async function version(): Promise<Record<string, string>> {
  const before = new Map(readAll().map((manifest) => [manifest.name, manifest.version]));
  await within(process.execPath, join(repository, 'node_modules/@changesets/cli/bin.js'), 'version');
  const changed = readAll().filter((manifest) => manifest.version !== before.get(manifest.name));
  return Object.fromEntries(changed.map((manifest) => [manifest.name, `${before.get(manifest.name)} -> ${manifest.version}`]));
}

it('a change to one provider releases that provider alone', { timeout }, async () => {
  await addChange('@x/esignon-auth', 'minor', 'Understand one more date');
  expect(await version()).toEqual({ '@x/esignon-auth': '1.0.0 -> 1.1.0' });
});

it.each(['patch', 'minor'] as const)('a %s of the core releases the core alone', { timeout }, async (kind) => {
  await addChange('@x/auth-core', kind, 'Log in a little earlier');
  expect(await version()).toEqual({ '@x/auth-core': kind === 'minor' ? '1.0.0 -> 1.1.0' : '1.0.0 -> 1.0.1' });
});

it('a major of the core releases what depends on it, as a patch with the new range', { timeout }, async () => {
  const isPublic = ({ private: isPrivate }: Manifest): boolean => isPrivate !== true;
  const dependents = readAll().filter((manifest) => isPublic(manifest) && '@x/auth-core' in (manifest.dependencies ?? {}));
  expect(dependents.length).toBeGreaterThan(3);
  await addChange('@x/auth-core', 'major', 'Rename an option');
  expect(await version()).toEqual({
    '@x/auth-core': '1.0.0 -> 2.0.0',
    ...Object.fromEntries(dependents.map(({ name }) => [name, '1.0.0 -> 1.0.1'])),
  });
});

it('private packages are never versioned', { timeout }, async () => {
  const privates = (): Manifest[] => readAll().filter((manifest) => manifest.private === true);
  const before = privates();
  expect(before).not.toEqual([]);
  await addChange('@x/auth-core', 'major', 'Rename an option');
  await version();
  expect(privates()).toEqual(before);
});

it('a changelog links to the commit that brought the change', { timeout }, async () => {
  const hash = await addChange('@x/esignon-auth', 'patch', 'Say which field is wrong');
  await version();
  const changelog = readFileSync(join(root, 'packages/esignon-auth/CHANGELOG.md'), 'utf8');
  expect(changelog).toContain(`[\`${hash.slice(0, 7)}\`](https://github.com/x/vendor-auth/commit/${hash}): Say which field is wrong`);
});
