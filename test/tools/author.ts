import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Edit } from './parcelbox.ts';

/**
 * Writes what a person would write into a generated package.
 *
 * @throws Error if a part that is to be replaced is not there.
 */
export function fillInPackage(directory: string, edits: readonly Edit[]): void {
  for (const edit of edits) apply(directory, edit);
  rmSync(join(directory, 'src/fill-in.ts'));
}

/** @throws Error if the part that is to be replaced is not there. */
export function apply(directory: string, [path, from, to]: Edit): void {
  const file = join(directory, path);
  const text = readFileSync(file, 'utf8');
  const edited = text.replace(from, () => to);
  if (edited === text) throw new Error(`${path} does not have ${String(from)}`);
  writeFileSync(file, edited);
}
