import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';

/** What V8 writes where NODE_V8_COVERAGE is set. Offsets are those of the source: Node puts blanks in the place of types. */
const reportSchema = v.object({
  result: v.array(
    v.object({
      url: v.string(),
      functions: v.array(v.object({ ranges: v.array(v.object({ startOffset: v.number(), endOffset: v.number(), count: v.number() })) })),
    }),
  ),
});

type Script = v.InferOutput<typeof reportSchema>['result'][number];

/** Tells whether the code at a place of a file was run, by any of the processes that left a report in a directory. */
export function readCoverage(directory: string, root: string): (file: string, offset: number) => boolean {
  const scripts = readdirSync(directory)
    .flatMap((name) => v.parse(reportSchema, JSON.parse(readFileSync(join(directory, name), 'utf8'))).result)
    .filter(({ url }) => url.startsWith('file:'));
  const pathOf = ({ url }: Script): string => relative(root, fileURLToPath(url)).replaceAll('\\', '/');
  const byFile = Map.groupBy(scripts, pathOf);
  return (file, offset) => (byFile.get(file) ?? []).some((script) => countAt(script, offset) > 0);
}

/** The smallest range that holds the place tells how often it was run. */
function countAt({ functions }: Script, offset: number): number {
  const around = functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset);
  const [smallest] = around.toSorted((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return smallest?.count ?? 0;
}
