import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';

import { packPackages } from './pack.ts';
import { remove, temporaryDirectory } from './repository.ts';
import { run } from './run.ts';

const manifestSchema = v.object({
  bin: v.optional(v.record(v.string(), v.string()), {}),
  exports: v.record(v.string(), v.union([v.string(), v.object({ default: v.string() })])),
});
const attw = join(dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
const tarballs = temporaryDirectory();
const packages = await packPackages(tarballs);
afterAll(() => remove(tarballs));

describe.each(packages)('the pack of $name', ({ directory, tarball }) => {
  it('holds the build of the sources that there are, its papers, and nothing else', () => {
    const files = listFiles(tarball);
    const hasSource = (file: string): boolean => {
      const stem = /^dist\/(.+?)\.d\.ts$/.exec(file)?.[1];
      return stem !== undefined && existsSync(join(directory, 'src', `${stem}.ts`));
    };
    const code = new Set(entryPoints(directory));
    for (const file of code) for (const imported of importsOf(tarball, file, 'js')) code.add(imported);
    const papers = files.filter((file) => !code.has(file) && !hasSource(file));
    expect(papers).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    // Something else? Remove .turbo and every dist and .tsbuild, and build again.
    expect(papers.filter((file) => !/^(?:LICENSE|README(?:\.[a-z]{2})?\.md|package\.json|CHANGELOG\.md)$/.test(file))).toEqual([]);
    expect([...code].filter((file) => !files.includes(file))).toEqual([]);
  });

  it('holds every declaration that one of its declarations imports', () => {
    const files = listFiles(tarball);
    const missing = files
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) =>
        importsOf(tarball, file, 'd.ts')
          .filter((path) => !files.includes(path))
          .map((path) => `${file}: ${path}`),
      );
    expect(missing).toEqual([]);
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

it.each(['@x/esignon-auth', '@x/datacomsys-auth'])(
  '%s is one file, which its entry point for the shell imports as a user would',
  (provider) => {
    const tarball = packages.find(({ name }) => name === provider)?.tarball ?? '';
    expect(importsOf(tarball, 'dist/index.js', 'js')).toEqual([]);
    expect(importsOf(tarball, 'dist/cli.js', 'js').toSorted()).toEqual(['dist/index.js', 'dist/sandbox.js']);
  },
);

it('the code and the declarations of the core and a provider take less than 350 kB once installed', () => {
  const sizeOf = (name: string): number => {
    const tarball = packages.find((each) => each.name === name)?.tarball ?? '';
    const listed = execFileSync('tar', ['--list', '--verbose', '--file', tarball], { encoding: 'utf8' });
    const lines = listed.split('\n').filter((line) => line.includes(' package/dist/'));
    return lines.reduce((sum, line) => sum + Number(line.split(/\s+/)[2]), 0);
  };
  const core = sizeOf('@x/auth-core');
  expect(core).toBeGreaterThan(0);
  for (const provider of ['@x/esignon-auth', '@x/datacomsys-auth']) expect(core + sizeOf(provider)).toBeLessThan(350_000);
});

it('there are packs to look at', () => {
  expect(packages.length).toBeGreaterThan(4);
});

/** The JavaScript that a manifest points to. */
function entryPoints(directory: string): string[] {
  const { bin, exports } = v.parse(manifestSchema, JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')));
  const built = [...Object.values(bin), ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [entry.default]))];
  return built.map((file) => file.replace('./', ''));
}

/** The files of the package that one of its files imports. */
function importsOf(tarball: string, file: string, extension: 'js' | 'd.ts'): string[] {
  const text = execFileSync('tar', ['--extract', '--to-stdout', '--file', tarball, `package/${file}`], { encoding: 'utf8' });
  return [...text.matchAll(/(?:from|import\()\s*["'](\.[^"']+)\.[jt]s["']/g)].map(([, path = '']) =>
    join(dirname(file), `${path}.${extension}`),
  );
}

/** The paths in a tarball, without the folder that every package of npm has. */
function listFiles(tarball: string): string[] {
  const listed = execFileSync('tar', ['--list', '--file', tarball], { encoding: 'utf8' });
  return listed
    .trim()
    .split('\n')
    .map((line) => line.replace('package/', ''));
}
