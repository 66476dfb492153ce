import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readDocument, root } from './documents.ts';

const text = readFileSync(join(root, 'README.md'), 'utf8');

/** What the README says that the packages do, and the title of the test that holds it. */
const claims: readonly (readonly [statement: string, title: string])[] = [
  ['A thousand callers need the first token.', 'one login serves a thousand callers who ask at once'],
  ['200 requests carry a token that was just revoked.', 'with a token that was just revoked all succeed, and cost one login'],
  ['16 processes start, and share a store.', '16 processes that start cold log in once'],
  ['16 processes with a store have an old password.', '16 processes that all have an old password bother the vendor with it once'],
  ['A process is killed during its login.', 'is killed while it logs in, the others have a token by one login'],
  ['The login fails for an hour, before the token ends.', 'a refresh that fails for an hour at a thousand calls a second fails no caller'],
  ['The vendor rejects a token inside of an HTTP 200.', 'a body is a rejection if header.result_code is 94'],
  ['One caller aborts while others wait.', 'a caller who aborts is freed alone'],
  ['The clock of the machine jumps.', 'a clock that is stepped forward costs one login at most'],
  ['A redirect leads to another origin.', 'are seen at the vendor alone'],
  ['The body of a rejected request is a stream.', 'a body that is a stream is never sent twice'],
  ['An option is misspelt.', 'an option that nobody knows ends in CONFIG, with the one that was probably meant'],
  ['The vendor’s answer repeats the password.', 'no error of a login contains the password'],
];

interface Manifest {
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const manifestOf = (name: string): Manifest => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest; // a manifest of this repository

/** The first and the last cell of each row of the table. */
const rows = [...text.matchAll(/^\| ([^|]+?) +\| [^|]+ \| \[[^\]]+\]\(([^)]+)\) +\|$/gm)].map(([, statement = '', file = '']) => ({
  statement: statement.replaceAll("'", '’'),
  file,
}));

describe('the README', () => {
  it('says nothing that the packages do in its table without a test that holds it', () => {
    expect(rows.map(({ statement }) => statement)).toEqual(claims.map(([statement]) => statement));
    const missing = claims.filter(([, title], index) => !readFileSync(join(root, rows[index]?.file ?? ''), 'utf8').includes(title));
    expect(missing).toEqual([]);
  });

  it('names the versions that the packages ask for', () => {
    const { engines, license, peerDependencies } = manifestOf('esignon-auth');
    expect(engines.node).toBe('^20.19.0 || >=22.12.0');
    expect(license).toBe('MIT');
    expect(peerDependencies['undici']).toBe('^7.30.0 || ^8.12.0');
    expect(manifestOf('auth-store-redis').peerDependencies['redis']).toBe('^5.0.0 || ^6.0.0');
    expect(manifestOf('auth-store-sqlite').engines.node).toBe('>=22.13.0');
    for (const part of ['node-20.19%20%7C%20%E2%89%A522.12-', 'undici-7%20%7C%208-', 'licence-MIT-'])
      expect(text).toContain(`img.shields.io/badge/${part}`);
    for (const part of [
      '20.19 and later (20.x), and 22.12 and later. `@x/auth-store-sqlite`: 22.13 and later',
      '7.x from 7.30, and 8.x from 8.12',
      '5.x and 6.x',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('lists every section in its table of contents, in order', () => {
    const { headings, links } = readDocument('README.md');
    const sections = headings.filter(({ level, text: title }) => level === 2 && title !== 'Contents').map(({ anchor }) => `#${anchor}`);
    const [from, to] = headings.filter(({ level }) => level === 2).map(({ line }) => line);
    const listed = links.filter(({ line }) => line > (from ?? 0) && line < (to ?? 0)).map(({ target }) => target);
    expect(listed.filter((target) => target !== '#before-the-first-release')).toEqual(sections);
  });
});
