import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expect, it } from 'vitest';

import { readDocument, root } from './documents.ts';

const tree = readDocument('docs/architecture.md').blocks.find(({ code }) => code.includes('packages/auth-core/src/'))?.code ?? '';

/** The files that the tree names right below a folder: a line has one or more of them, and then what they are for. */
function namesBelow(folder: string, indent: number): string[] {
  const [, behind = ''] = `\n${tree}`.split(`\n${folder}`);
  const lines = behind.split('\n').slice(1);
  const end = lines.findIndex((line) => line.search(/\S/) < indent);
  const line = new RegExp(`^ {${indent}}((?:[a-z-]+, )*[a-z-]+)(?: |$)`);
  return lines.slice(0, end).flatMap((text) => line.exec(text)?.[1]?.split(', ') ?? []);
}

const filesIn = (folder: string): string[] =>
  globSync('*.ts', { cwd: join(root, 'packages/auth-core/src', folder) }).map((file) => basename(file, '.ts'));

it.each([
  ['', 'packages/auth-core/src/', 2],
  ['lifecycle', '  lifecycle/', 4],
  ['requests', '  requests/', 4],
] as const)(
  'the architecture names every file of the core right in src/%s, but its index, and none that is not there',
  (folder, title, indent) => {
    expect(namesBelow(title, indent).toSorted()).toEqual(
      filesIn(folder)
        .filter((name) => name !== 'index')
        .toSorted(),
    );
  },
);
