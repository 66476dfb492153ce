import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { makePages } from '../../tools/api-docs/make-pages.ts';

const good = `
/** How to log in [S]. All are milliseconds. */
export interface AcmeOptions {
  /** How long it may take. */
  readonly timeout: number;
}
/** Reads it. @throws AuthError \`CONFIG\` if it is empty. */
export function readText(text: string): string {
  if (text === '') throw new Error(text);
  return text;
}
/** Catches, or throws later. */
export function quiet(): () => string {
  try { return () => readText(''); } catch { throw2(); }
  return () => { throw new Error(''); };
}
/** Nobody throws twice. */
function throw2(): void {}
`;

/** What is written, and what is said of it. */
const seeds: readonly (readonly [what: string, source: string, problem: RegExp])[] = [
  ['a name without docstring', 'export const bare = 1;', /bare .* does not have any documentation/],
  ['a member without docstring', '/** It. */ export interface A { readonly is: string }', /A\.is has no docstring/],
  ['a number without unit', '/** It. */ export interface B {\n/** When. */ readonly at: number }', /B\.at is a number/],
  [
    'a method that returns a number without unit',
    '/** It. */ export interface C {\n/** When. */ at(): number | undefined }',
    /C\.at is a number/,
  ],
  ['a field of a class without docstring', '/** It. */ export class D { code = "" }', /D\.code has no docstring/],
  ['a throw without @throws', '/** It. */ export function e(): void { throw new Error(""); }', /\.e throws: .* needs a @throws/],
  ['a call of what throws without @throws', '/** It. */ export function f(): void { readText(""); }', /\.f calls readText, which throws/],
  [
    '@throws AuthError without a code',
    '/** It. @throws AuthError if so. */ export function g(): void {}',
    /\.g: @throws AuthError names no code/,
  ],
  ['@throws without an error', '/** It. @throws if so. */ export function h(): void {}', /\.h: @throws names no error/],
  ['a vendor fact without grade', '/** It. */ export function createIpsTokenProvider(): void {}', /createIps\S+ states facts .* grade/],
  [
    'a type that is not exported',
    'interface Hidden { a: 1 }\n/** It. */ export const j = (one: Hidden): Hidden => one;',
    /Hidden, defined in .* not included/,
  ],
  ['a link that leads nowhere', '/** It: {@link Nowhere}. */ export const k = "";', /Failed to resolve link to "Nowhere"/],
];

const root = mkdtempSync(join(tmpdir(), 'docstrings-'));
let problems: readonly string[] = [];
beforeAll(async () => {
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "target": "es2023", "module": "nodenext", "types": [], "strict": true }, "include": ["."] }',
    'package.json': '{ "name": "seeds", "type": "module" }',
    'acme-auth/src/index.ts': good + seeds.map(([, source]) => source).join('\n'),
    'auth-core/src/index.ts': 'export {};',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const entries = ['acme-auth', 'auth-core'].map((name) => join(root, name, 'src/index.ts'));
  problems = await makePages(entries, join(root, 'tsconfig.json'), join(root, 'out'));
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

it.each(seeds)('the API description is not made of %s', (_, __, problem) => {
  expect(problems.filter((one) => problem.test(one))).toHaveLength(1);
});

it('nothing is said of docstrings that say all that there is to say', () => {
  expect(problems.filter((one) => !seeds.some(([, , problem]) => problem.test(one)))).toEqual([]);
});
