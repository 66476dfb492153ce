import { afterEach, beforeEach, expect, it } from 'vitest';

import { copyRepository, type RepositoryCopy } from '../src/repository-copy.ts';

let copy: RepositoryCopy;
beforeEach(async () => {
  copy = await copyRepository();
}, 60_000);
afterEach(() => copy.remove());

const timeout = 60_000;

it('a change to one provider releases that provider alone', { timeout }, async () => {
  await copy.addChange('@x/esignon-auth', 'minor', 'Understand one more date');
  expect(await copy.version()).toEqual({ '@x/esignon-auth': '1.0.0 -> 1.1.0' });
});

it.each(['patch', 'minor'] as const)('a %s of the core releases the core alone', { timeout }, async (kind) => {
  await copy.addChange('@x/auth-core', kind, 'Log in a little earlier');
  expect(await copy.version()).toEqual({ '@x/auth-core': kind === 'minor' ? '1.0.0 -> 1.1.0' : '1.0.0 -> 1.0.1' });
});

it('a major of the core releases what depends on it, as a patch with the new range', { timeout }, async () => {
  await copy.addChange('@x/auth-core', 'major', 'Rename an option');
  expect(await copy.version()).toEqual({
    '@x/auth-core': '1.0.0 -> 2.0.0',
    '@x/auth-store-redis': '1.0.0 -> 1.0.1',
    '@x/auth-store-sqlite': '1.0.0 -> 1.0.1',
    '@x/datacomsys-auth': '1.0.0 -> 1.0.1',
    '@x/esignon-auth': '1.0.0 -> 1.0.1',
  });
});

it('private packages are never versioned', { timeout }, async () => {
  const before = await copy.privateManifests();
  expect(before.size).toBeGreaterThan(0);
  await copy.addChange('@x/auth-core', 'major', 'Rename an option');
  await copy.version();
  expect(await copy.privateManifests()).toEqual(before);
});

it('a changelog links to the commit that brought the change', { timeout }, async () => {
  const commit = await copy.addChange('@x/esignon-auth', 'patch', 'Say which field is wrong');
  await copy.version();
  const changelog = await copy.read('packages/esignon-auth/CHANGELOG.md');
  expect(changelog).toContain(`[\`${commit.slice(0, 7)}\`](https://github.com/x/vendor-auth/commit/${commit}): Say which field is wrong`);
});
