// pnpm mutants [paths…]: changes the files that decide in one place at a time, and fails where no test notices and test/mutants/survivors.json has no reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { groups } from './groups.ts';
import { describe, findMutants, type Mutant } from './find-mutants.ts';
import { isSame, readSurvivors } from './survivors.ts';

const root = join(import.meta.dirname, '../..');
process.chdir(root);

const paths = process.argv.slice(2);
const asked = (source: string): boolean => paths.length === 0 || paths.some((path) => source.includes(path));
const survivors = readSurvivors(root).filter(({ file }) => asked(file));
const found: Mutant[] = [];

for (const { sources, tests } of groups) {
  const chosen = sources.filter(asked);
  if (chosen.length > 0) found.push(...(await findMutants(chosen, tests, (file) => readFileSync(join(root, file), 'utf8'))));
}

const unknown = found.filter((mutant) => mutant.survived && !survivors.some((survivor) => isSame(survivor, mutant)));
const stale = survivors.filter((survivor) => !found.some((mutant) => mutant.survived && isSame(survivor, mutant)));

for (const file of new Set(found.map((mutant) => mutant.file))) {
  const mutants = found.filter((mutant) => mutant.file === file);
  const survived = unknown.filter((mutant) => mutant.file === file).length;
  const equivalent = mutants.filter((mutant) => mutant.survived).length - survived;
  const killed = mutants.length - survived - equivalent;
  console.log(`${file}: ${mutants.length} mutants, ${killed} killed, ${equivalent} equivalent, ${survived} survived`);
}
for (const mutant of unknown) console.log(`survived: ${describe(mutant)}`);
for (const { file, line, to } of stale) console.log(`in survivors.json, but no survivor: ${file}: ${line} => ${to}`);
process.exitCode = unknown.length + stale.length === 0 && found.length > 0 ? 0 : 1;
