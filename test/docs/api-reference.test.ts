import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findDeclaration } from '../../tools/api-reference/declaration.ts';
import { readPackages } from '../../tools/api-reference/entry-points.ts';
import { readDocument, root } from './documents.ts';

describe('the API reference', () => {
  it('is what the docstrings say now', () => {
    const main = join(root, 'tools/api-reference/main.ts');
    expect(execFileSync(process.execPath, [main, '--check'], { encoding: 'utf8' })).toContain('0 of them stale');
  });

  for (const { name, folder, entryPoints } of readPackages(root)) {
    it(`has every value that ${name} exports at run time`, async () => {
      const headings = readDocument(`docs/api/${folder}.md`).headings.map(({ text }) => text);
      for (const { specifier, exported } of entryPoints) {
        const values = Object.keys((await import(specifier)) as object);
        expect(exported.map((one) => one.name)).toEqual(expect.arrayContaining(values));
        const own = exported.filter(({ from }) => from.endsWith('.ts')).map((one) => one.name);
        expect(headings).toEqual(expect.arrayContaining([specifier, ...own]));
      }
    });
  }

  it('shows a declaration without its body, and refuses one without a docstring', () => {
    const source = `/** Adds. {@link other} */\nexport function add(one: { n: number }, two = ';'): number {\n  return 1;\n}\n\nexport type Bare = 1;\n`;
    const signature = "function add(one: { n: number }, two = ';'): number;";
    expect(findDeclaration(source, 'add')).toEqual({ kind: 'function', doc: 'Adds. {@link other}', signature });
    expect(() => findDeclaration(source, 'Bare')).toThrow('Bare has no docstring');
    expect(() => findDeclaration(source, 'Absent')).toThrow('Absent is not declared here');
  });
});
