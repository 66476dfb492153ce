import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, describe, expect, it } from 'vitest';

import { packPackages } from './pack.ts';
import { remove, temporaryDirectory } from './repository.ts';
import { run } from './run.ts';

const attw = join(dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
const tarballs = temporaryDirectory();
const packages = await packPackages(tarballs);
afterAll(() => remove(tarballs));

describe.each(packages)('the pack of $name', ({ directory, tarball }) => {
  it('holds the build of the sources that there are, its papers, and nothing else', () => {
    const listed = execFileSync('tar', ['--list', '--file', tarball], { encoding: 'utf8' });
    const files = listed
      .trim()
      .split('\n')
      .map((line) => line.replace('package/', ''));
    const hasSource = (file: string): boolean => {
      const stem = /^dist\/(.+?)(?:\.d\.ts|\.js)$/.exec(file)?.[1];
      return stem !== undefined && existsSync(join(directory, 'src', `${stem}.ts`));
    };
    const papers = files.filter((file) => !hasSource(file));
    expect(papers).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    // Something else? Remove .turbo and every dist and .tsbuild, and build again.
    expect(papers.filter((file) => !/^(?:LICENSE|README(?:\.[a-z]{2})?\.md|package\.json|CHANGELOG\.md)$/.test(file))).toEqual([]);
  });

  it('has nothing that publint finds in its strictest mode', async () => {
    const pack = { tarball: new Uint8Array(readFileSync(tarball)).buffer };
    const { messages, pkg } = await publint({ pack, strict: true, level: 'suggestion' });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  // Nothing is excepted but what ESM alone means: Node 10's resolution and CommonJS under `moduleResolution: node16` are not looked at.
  it('has the right types', { timeout: 120_000 }, async () => {
    const args = [attw, tarball, '--profile', 'esm-only', '--no-color', '--no-emoji', '--format', 'ascii'];
    expect(await run(process.execPath, args, { cwd: directory, timeout: 120_000 })).toContain('bundler: OK');
  });
});

it('there are packs to look at', () => {
  expect(packages.length).toBeGreaterThan(4);
});
