import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

const MARK = /Fill in:|\bfillIn\('([^']*)/g;

/** Nothing that a new package came with is left to be filled in. */
export function checkFilledIn({ root, packages }: Workspace): Violation[] {
  return packages
    .filter(({ kind }) => kind !== 'app')
    .flatMap(({ dir, sources }) => [...sources, ...readDocument(root, `${dir}/README.md`)])
    .flatMap(({ path, text }) =>
      [...text.matchAll(MARK)].map(({ 1: what, index }) => ({
        rule: 'filled-in',
        path,
        line: text.slice(0, index).split('\n').length,
        message: what === undefined ? 'is still to be filled in' : `is still to be filled in: ${what}`,
      })),
    );
}

function readDocument(root: string, path: string): { path: string; text: string }[] {
  return existsSync(join(root, path)) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [];
}
