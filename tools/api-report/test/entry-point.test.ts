import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { readEntryPoint } from '../src/entry-point.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'api-report-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function read(files: Readonly<Record<string, string>>): ReturnType<typeof readEntryPoint> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return readEntryPoint(join(directory, 'index.d.ts'));
}

it('shows what is exported, through every re-export, sorted and without comments', () => {
  const { exported } = read({
    'index.d.ts': "export { b as renamed } from './middle.ts';\nexport { type A } from './leaf.ts';\n",
    'middle.d.ts': "export { b } from './leaf.ts';\n",
    'leaf.d.ts': "/** Words. */\nexport interface A {\n    /** More. */\n    url: 'http://x/*';\n}\nexport declare function b(): A;\n",
  });
  expect([...exported]).toEqual([
    ['A', "interface A {\n    url: 'http://x/*';\n}"],
    ['renamed', 'function b(): A;'],
  ]);
});

it('shows what is mentioned without being exported, and what that mentions', () => {
  const { mentioned } = read({
    'index.d.ts':
      "import type { Far } from './far.ts';\ninterface Near {\n    far: Far;\n}\nexport declare function use(near: Near): void;\n",
    'far.d.ts': 'export interface Far {\n    end: Farther;\n}\ninterface Farther {\n}\ninterface Unused {\n}\n',
  });
  expect([...mentioned.keys()]).toEqual(['Far', 'Farther', 'Near']);
});

it('names what is handed on from another package', () => {
  const { handedOn, exported } = read({ 'index.d.ts': "export { type A, b } from 'elsewhere';\n" });
  expect([...handedOn]).toEqual([['elsewhere', ['A', 'b']]]);
  expect(exported.size).toBe(0);
});

it('shows every overload', () => {
  const { exported } = read({ 'index.d.ts': 'export declare function f(): 1;\nexport declare function f(x: 2): 2;\n' });
  expect(exported.get('f')).toBe('function f(): 1;\nfunction f(x: 2): 2;');
});

it('refuses what it could not show', () => {
  expect(() => read({ 'index.d.ts': "export * from './all.ts';\n" })).toThrow('cannot show');
});
