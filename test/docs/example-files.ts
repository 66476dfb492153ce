import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { examplesOf, type Example, readDocuments, root } from './documents.ts';

/** Examples as files: inside the repository, so that the packages are found from there. */
export interface ExampleFiles extends Disposable {
  readonly directory: string;
  readonly examples: readonly Example[];
  /** Where an example is. */
  pathOf(example: Example): string;
}

/** Writes every example into a directory of its page, so that one may import another of the same page. Each use has files of its own. */
export function writeExamples(use: string): ExampleFiles {
  const directory = join(root, 'test/docs/.tmp', `${use}-${process.pid}`);
  rmSync(directory, { recursive: true, force: true });
  const examples = readDocuments().flatMap((document) => examplesOf(document));
  const pathOf = ({ path, file }: Example): string => join(directory, path.replaceAll(/[^\w-]/g, '_'), file);
  for (const example of examples) {
    mkdirSync(dirname(pathOf(example)), { recursive: true });
    // Two examples of one page that name the same file are a mistake.
    writeFileSync(pathOf(example), example.code, { flag: 'wx' });
  }
  return { directory, examples, pathOf, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}
