import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

/** A grade of a vendor fact is spelled in one way, so that it can be searched for. */
export function checkGrades({ packages }: Workspace): Violation[] {
  return packages
    .filter(({ kind }) => kind === 'provider')
    .flatMap(({ sources }) =>
      sources.flatMap(({ path, text, lineAt }) =>
        [...text.matchAll(/\bgrade ([SVA])\b/gi)].map(({ 0: found, 1: grade, index }) => ({
          rule: 'grades',
          path,
          line: lineAt(index),
          message: `spells a grade as "${found}": write [${grade}]`,
        })),
      ),
    );
}
