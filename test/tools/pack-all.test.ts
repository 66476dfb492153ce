import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { remove, repository, temporaryDirectory } from '../packages/repository.ts';
import { run } from '../packages/run.ts';

const directory = temporaryDirectory();
afterAll(() => remove(directory));

it('`pnpm pack:all` packs every package as built, and prints the lines that install them with all of ours that they need', async () => {
  const packs = join(directory, 'packs');
  const printed = await run(process.execPath, ['tools/pack-all/main.ts', packs], { cwd: repository, timeout: 120_000 });
  const installs = printed.split('\n').flatMap((line) => {
    const paths = /^ {2}npm install (.+) undici$/.exec(line)?.[1];
    return paths === undefined ? [] : [paths.split(' ')];
  });
  const names = installs.map((paths) => paths.map((path) => basename(path).replace(/-\d.*/, '')));
  expect(names).toEqual(
    expect.arrayContaining([
      ['x-auth-core', 'x-auth-store-sqlite', 'x-auth-cli'],
      ['x-auth-core', 'x-auth-store-redis'],
      ['x-auth-core', 'x-esignon-auth'],
    ]),
  );
  expect(printed).toContain("run your provider's line, too");
  expect(names.filter(([first]) => first !== 'x-auth-core')).toEqual([]);
  expect(installs.flat().filter((path) => !existsSync(path))).toEqual([]);
  for (const path of new Set(installs.flat())) {
    const files = await run('tar', ['-tzf', path], { cwd: directory, timeout: 20_000 });
    expect(files.split('\n')).toEqual(expect.arrayContaining(['package/package.json', 'package/dist/index.js', 'package/README.md']));
  }
});
