import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from './documents.ts';

/** The rows of the tables: a statement, and the file and the title of its test. */
function statements(): { statement: string; file: string; title: string }[] {
  const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!---|Promise|Limit)/.test(line));
  return rows.map((row) => {
    const [, statement = '', file = '', title = ''] = /^\| (.+?) +\| `([^`]+)`: (.+?) +\|$/.exec(row) ?? [];
    return { statement: statement === '' ? row : statement, file, title };
  });
}

it('each statement of SECURITY.md names a test that is there', () => {
  const isThere = (file: string, title: string): boolean =>
    title !== '' && existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8').includes(title);
  expect(statements().filter(({ file, title }) => !isThere(file, title))).toEqual([]);
  expect(statements().length).toBeGreaterThan(40);
});
