import { globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

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
  linkPackages(join(directory, 'node_modules/@x'));
  const examples = readDocuments().flatMap((document) => examplesOf(document));
  const pathOf = ({ path, file }: Example): string => join(directory, path.replaceAll(/[^\w-]/g, '_'), file);
  for (const example of examples) {
    mkdirSync(dirname(pathOf(example)), { recursive: true });
    // Two examples of one page that name the same file are a mistake.
    writeFileSync(pathOf(example), example.code, { flag: 'wx' });
  }
  return { directory, examples, pathOf, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Every package of the repository can be imported, also one that nobody depends on yet. */
function linkPackages(into: string): void {
  mkdirSync(into, { recursive: true });
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const folder = dirname(join(root, path));
    symlinkSync(folder, join(into, basename(folder)), 'junction');
  }
}
