import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { root } from './documents.ts';
import { writeExamples } from './example-files.ts';

/** What a careful reader's own project has, and how it finds the packages here. */
const compilerOptions = {
  strict: true,
  noUnusedLocals: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  module: 'nodenext',
  target: 'es2024',
  lib: ['esnext'],
  types: ['node'],
  customConditions: ['@x/source'],
  skipLibCheck: true,
  noEmit: true,
};

it('every example of the documents is well typed', { timeout: 60_000 }, async () => {
  using files = writeExamples('types');
  const config = join(files.directory, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['.'] }));
  // One mistake, to show that mistakes are seen.
  writeFileSync(join(files.directory, 'mistake.ts'), `export const mistake: string = 1;\n`);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', config, '--pretty', 'false'], { cwd: root }).catch(
    (error: unknown) => {
      // What tsc has to say stands in the output of the failed process.
      if (error instanceof Error && 'stdout' in error) return { stdout: String(error.stdout) };
      throw error;
    },
  );
  // What is wrong in the packages themselves, their own check says.
  const mistakes = stdout.split('\n').filter((line) => line.startsWith('test/docs/.tmp/'));
  expect(mistakes).toEqual([expect.stringContaining('mistake.ts(1,14): error TS2322')]);
  expect(files.examples.filter(({ language }) => language === 'ts').length).toBeGreaterThan(20);
});
