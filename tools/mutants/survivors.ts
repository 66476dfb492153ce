import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

/** A mutant, told so that it is found again when lines move: `from` becomes `to` in the line, `at` is the column in it. */
const mutantEntries = { line: v.string(), at: v.number(), from: v.string(), to: v.string() };
const survivorsSchema = v.record(v.string(), v.array(v.strictObject({ ...mutantEntries, why: v.pipe(v.string(), v.nonEmpty()) })));

export interface Place {
  readonly file: string;
  readonly line: string;
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** The mutants that no test can notice, with the reason why. */
export function readSurvivors(root: string): (Place & { readonly why: string })[] {
  const json: unknown = JSON.parse(readFileSync(join(root, 'test/mutants/survivors.json'), 'utf8'));
  return Object.entries(v.parse(survivorsSchema, json)).flatMap(([file, list]) => list.map((one) => ({ file, ...one })));
}

export function isSame(one: Place, other: Place): boolean {
  return one.file === other.file && one.line === other.line && one.at === other.at && one.from === other.from && one.to === other.to;
}
