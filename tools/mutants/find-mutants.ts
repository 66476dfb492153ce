import { relative } from 'node:path';

import { Stryker } from '@stryker-mutator/core';

import type { Place } from './survivors.ts';

/** A change in one place of a file, and whether every test passed in spite of it. */
export interface Mutant extends Place {
  readonly survived: boolean;
  readonly at: number;
  readonly lineNumber: number;
}

/** Runs the tests once for each mutant of the sources, with Stryker, in a copy of the repository. */
export async function findMutants(sources: readonly string[], tests: readonly string[], read: (file: string) => string): Promise<Mutant[]> {
  process.env['MUTANTS_TESTS'] = tests.join('\n');
  const results = await new Stryker({
    mutate: [...sources],
    configFile: 'tools/mutants/stryker.json',
  }).runMutationTest();
  return results
    .filter(({ status }) => status !== 'Ignored')
    .map(({ fileName, location: { start, end }, replacement, status }) => {
      const file = relative('.', fileName);
      const lines = read(file).split('\n');
      const line = lines[start.line - 1] ?? '';
      const text = lines.slice(start.line - 1, end.line).join('\n');
      const rest = text.length - (lines[end.line - 1] ?? '').length + end.column - 1;
      const at = start.column - 1 - (line.length - line.trimStart().length);
      const from = text.slice(start.column - 1, rest);
      return {
        file,
        line: line.trim(),
        lineNumber: start.line,
        at,
        from,
        to: replacement,
        survived: status !== 'Killed' && status !== 'Timeout',
      };
    });
}

/** A mutant as an entry of the list of survivors. */
export function describe({ file, lineNumber, line, at, from, to }: Mutant): string {
  return `${file}:${lineNumber}\n  ${JSON.stringify({ line, at, from, to, why: '' })}`;
}
