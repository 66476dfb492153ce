import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { findNode } from '@x/node-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { copyPrograms, installConsumer, ourPackagesIn } from '../src/consumer.ts';
import { exercise } from '../src/exercise.ts';
import { packPackages } from '../src/pack-packages.ts';
import { run } from '../src/run.ts';
import { temporaryDirectory } from '../src/temporary-directory.ts';

const providers = ['@x/esignon-auth', '@x/datacomsys-auth'];
const runtimes = [
  { node: findNode(20), undici: '7' },
  { node: findNode(24), undici: '8' },
];

const directory = await temporaryDirectory();
const tarballs = new Map<string, string>();

beforeAll(async () => {
  for (const { name, tarball } of await packPackages(directory.path)) tarballs.set(name, `file:${tarball}`);
}, 60_000);

afterAll(() => directory.remove());

for (const { node, undici } of runtimes) {
  if (node === undefined) continue;
  for (const provider of providers) {
    describe.concurrent(`${provider}, packed and installed alone, on Node ${node.major} with undici ${undici}`, () => {
      const project = join(directory.path, `${provider.replace('@x/', '')}-${node.major}`);

      beforeAll(() => install(project, provider, undici, node.path), 120_000);

      it('brings the core and nothing else of ours', async () => {
        expect(await ourPackagesIn(project)).toEqual(['@x/auth-core', provider].toSorted());
      });

      it.each(['import', 'require'] as const)('runs against its sandbox by %s', { timeout: 60_000 }, async (loading) => {
        const result = await exercise(project, loading, [node.path]);
        expect(result.runtime).toBe(`Node ${node.version}`);
        expect(result.undici).toMatch(new RegExp(`^${undici}\\.`));
      });

      // What it is about is the core's, and the same with either provider.
      if (provider !== '@x/esignon-auth') return;
      it('outlives an abort of Node’s own fetch, whose reader hears of it', { timeout: 60_000 }, async () => {
        expect((await run(node.path, ['abort.cjs'], { cwd: project, timeout: 60_000 })).trim()).toBe('read on');
      });
    });
  }
}

async function install(project: string, provider: string, undici: string, node: string): Promise<void> {
  await mkdir(project);
  await installConsumer({
    directory: project,
    node,
    dependencies: { [provider]: tarballOf(provider), undici: `^${undici}.0.0` },
    overrides: { '@x/auth-core': tarballOf('@x/auth-core') },
    install: ['--prefer-offline'],
  });
  await copyPrograms(provider, project);
}

function tarballOf(name: string): string {
  const tarball = tarballs.get(name);
  if (tarball === undefined) throw new Error(`${name} was not packed`);
  return tarball;
}
