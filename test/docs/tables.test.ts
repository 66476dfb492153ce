import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { channels } from '@x/auth-core';
import * as loginHelpers from '@x/auth-core/provider';
import { expect, it } from 'vitest';

import { firstCells, root } from './documents.ts';

const tables = ['docs/errors.md', 'packages/esignon-auth/README.md', 'packages/datacomsys-auth/README.md'];

it.each(tables)('the table of errors in %s has every code, in the order of its declaration', (path) => {
  const source = readFileSync(join(root, 'packages/auth-core/src/auth-error.ts'), 'utf8');
  const union = /type AuthErrorCode =([^;]+);/.exec(source)?.[1] ?? '';
  const declared = [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
  expect(declared.length).toBeGreaterThan(5);
  expect(firstCells(path, /[A-Z_]+/)).toEqual(declared);
});

it('the table of options has every option of a provider', () => {
  const known = Object.keys(loginHelpers.tokenProviderOptionEntries);
  expect(firstCells('packages/auth-core/README.md', /[a-z]\w+/)).toEqual(known);
});

it('the table of channels has every channel, by both of its names', () => {
  const text = readFileSync(join(root, 'docs/events.md'), 'utf8');
  expect(firstCells('docs/events.md', /[a-z]\w+/)).toEqual(Object.keys(channels));
  for (const name of Object.values(channels)) expect(text).toContain(`\`${name}\``);
});

it('the table of helpers has everything that an author of a provider can import', () => {
  expect(firstCells('docs/writing-a-provider.md', /[a-z]\w+/).toSorted()).toEqual(Object.keys(loginHelpers).toSorted());
});
