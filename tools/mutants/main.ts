// pnpm mutants [paths…]: changes the files that decide in one place at a time, and fails where the tests notice less than 90 % of what they could notice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, findMutants, type Mutant } from './find-mutants.ts';
import { groups } from './groups.ts';
import { isSame, readEquivalents } from './equivalents.ts';

/** The part of the mutants that are not equivalent which has to be killed in every file. */
const least = 0.9;

const root = join(import.meta.dirname, '../..');
process.chdir(root);
const paths = process.argv.slice(2);
const asked = (source: string): boolean => paths.length === 0 || paths.some((path) => source.includes(path));
const equivalents = readEquivalents(root);

/** Tells what became of a file's mutants; false where that is not enough. */
function judge(file: string, mutants: readonly Mutant[]): boolean {
  const known = equivalents.filter((one) => one.file === file);
  const stale = known.filter((one) => !mutants.some((mutant) => mutant.survived && isSame(one, mutant)));
  const survived = mutants.filter((mutant) => mutant.survived);
  const open = survived.filter((mutant) => !known.some((one) => isSame(one, mutant)));
  const equivalent = survived.length - open.length;
  const killed = mutants.length - survived.length;
  const rate = killed / (killed + open.length);
  console.log(
    `${file}: ${mutants.length} mutants, ${killed} killed, ${equivalent} equivalent, ${open.length} survived, ${(100 * rate).toFixed(1)} %`,
  );
  for (const mutant of open) console.log(`survived: ${describe(mutant)}`);
  for (const { line, to } of stale) console.log(`in equivalents.json, but no survivor: ${line} => ${to}`);
  return rate >= least && stale.length === 0;
}

const chosen = groups.map(({ sources, tests }) => ({ sources: sources.filter(asked), tests })).filter(({ sources }) => sources.length > 0);
if (chosen.length === 0) throw new Error(`no such file is in tools/mutants/groups.ts: ${paths.join(', ')}`);
for (const { sources, tests } of chosen) {
  const found = await findMutants(sources, tests, (file) => readFileSync(join(root, file), 'utf8'));
  for (const file of sources) {
    const mutants = found.filter((mutant) => mutant.file === file);
    if (!judge(file, mutants)) process.exitCode = 1;
  }
}
