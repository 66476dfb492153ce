import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { readDocuments, root } from './documents.ts';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

/** What pnpm does itself. */
const ofPnpm = ['install', 'exec', 'add', 'pack'];

/** The scripts that a shell block calls: `pnpm demo`, `npx -y pnpm@12 test`. */
function scriptsIn(code: string): string[] {
  return [...code.matchAll(/(?:^|&& )(?:npx -y )?pnpm(?:@12)?(?: run)? ([\w:-]+)/gm)].map(([, script = '']) => script);
}

/** Every block of commands with where it stands, and every command that a text names. */
function commandsOf(): { where: string; code: string }[] {
  return readDocuments().flatMap(({ path, blocks }) => [
    ...blocks.filter(({ language }) => language === 'sh').map(({ line, code }) => ({ where: `${path}, line ${line}`, code })),
    ...[...readFileSync(join(root, path), 'utf8').matchAll(/`((?:npx -y )?pnpm(?:@12)? [^`\n]+)`/g)].map(([, code = '']) => ({
      where: path,
      code,
    })),
  ]);
}

it('every script that the documents call is one of the root', () => {
  // The manifest is this repository's own.
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const called = commandsOf().flatMap(({ where, code }) => scriptsIn(code).map((script) => ({ where, script })));
  expect(called.filter(({ script }) => !(script in scripts) && !ofPnpm.includes(script))).toEqual([]);
  expect(called.map(({ script }) => script)).toEqual(expect.arrayContaining(['demo', 'test']));
});

it('every shell block calls nothing but npm, npx, pnpm and node', () => {
  const lines = commandsOf().flatMap(({ where, code }) =>
    code
      .trim()
      .split('\n')
      .map((line) => ({ where, line })),
  );
  expect(lines.filter(({ line }) => !/^(?:npm|npx|pnpm|node|#) /.test(line))).toEqual([]);
});

it('every block is in a language that a test knows', () => {
  const languages = readDocuments().flatMap(({ path, blocks }) => blocks.map(({ line, language }) => ({ path, line, language })));
  expect(
    languages.filter(({ language }) => !['ts', 'js', 'sh', 'bash', 'php', 'python', 'mermaid', 'text', 'json', ''].includes(language)),
  ).toEqual([]);
});

it('the two commands stand at the top of the README', () => {
  const top = readFileSync(join(root, 'README.md'), 'utf8').split('\n## ')[0];
  expect(top).toContain('npx -y pnpm@12 demo');
  expect(top).toContain('npx -y pnpm@12 test');
});
