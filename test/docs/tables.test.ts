import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { channels } from '@x/auth-core';
import * as loginHelpers from '@x/auth-core/provider';
import { expect, it } from 'vitest';

import { datacomsysOptionsSchema } from '../../packages/datacomsys-auth/src/options.ts';
import { esignonOptionsSchema } from '../../packages/esignon-auth/src/options.ts';
import { firstCells, root } from './documents.ts';

const pages = ['docs/errors.md', 'docs/errors.ko.md', 'docs/errors.ja.md', 'docs/errors.fr.md'];

/** Every code, in the order of its declaration. */
function declaredCodes(): string[] {
  const source = readFileSync(join(root, 'packages/auth-core/src/auth-error.ts'), 'utf8');
  const union = /type AuthErrorCode =([^;]+);/.exec(source)?.[1] ?? '';
  return [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
}

it.each(pages)('the table of errors in %s has every code, in the order of its declaration', (path) => {
  const declared = declaredCodes();
  expect(declared.length).toBeGreaterThan(5);
  expect(firstCells(path, /[A-Z_]+/)).toEqual(declared);
});

it.each(['esignon', 'datacomsys'])(
  'the README of %s has the codes to which the vendor gives a meaning of its own, and no others',
  (vendor) => {
    expect(firstCells(`packages/${vendor}-auth/README.md`, /[A-Z_]+/)).toEqual(['INVALID_CREDENTIALS', 'NOT_ALLOWED', 'VENDOR_ERROR']);
  },
);

it.each(['md', 'ko.md', 'ja.md', 'fr.md'])('the one table of options in docs/options.%s has every option of a provider', (ending) => {
  const known = Object.keys(loginHelpers.tokenProviderOptionEntries);
  expect(firstCells(`docs/options.${ending}`, /[a-z]\w+/)).toEqual(known);
});

it.each([
  { vendor: 'esignon', schema: esignonOptionsSchema(false) },
  { vendor: 'datacomsys', schema: datacomsysOptionsSchema(false) },
])('the README of $vendor has every option that this vendor adds', ({ vendor, schema }) => {
  const own = Object.keys(schema.entries).filter((name) => !(name in loginHelpers.tokenProviderOptionEntries));
  expect(firstCells(`packages/${vendor}-auth/README.md`, /[a-z]\w+/).toSorted()).toEqual(own.toSorted());
});

it('the table of channels has every channel, by both of its names', () => {
  const text = readFileSync(join(root, 'docs/events.md'), 'utf8');
  expect(firstCells('docs/events.md', /[a-z]\w+/)).toEqual(Object.keys(channels));
  for (const name of Object.values(channels)) expect(text).toContain(`\`${name}\``);
});

it('the table of helpers has everything that an author of a provider can import', () => {
  expect(firstCells('docs/writing-a-provider.md', /[a-z]\w+/).toSorted()).toEqual(Object.keys(loginHelpers).toSorted());
});
