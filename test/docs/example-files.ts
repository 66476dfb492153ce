import { copyFileSync, globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  const folderOf = (path: string): string => join(directory, path.replaceAll(/[^\w-]/g, '_'));
  const pathOf = ({ path, file }: Example): string => join(folderOf(path), file);
  for (const example of examples) {
    mkdirSync(dirname(pathOf(example)), { recursive: true });
    // Two examples of one page that name the same file are a mistake.
    writeFileSync(pathOf(example), example.code, { flag: 'wx' });
  }
  for (const path of new Set(examples.map((example) => example.path))) copyFilesOf(path, folderOf(path));
  return { directory, examples, pathOf, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Files that a page tells the reader to copy stand in a directory of its name: `docs/page/file.ts` belongs to `docs/page.md`. */
function copyFilesOf(page: string, into: string): void {
  for (const path of globSync(`${page.replace(/\.md$/, '')}/*.ts`, { cwd: root }))
    copyFileSync(join(root, path), join(into, basename(path)));
}

/** Every package of the repository can be imported, also one that nobody depends on yet. */
function linkPackages(into: string): void {
  mkdirSync(into, { recursive: true });
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const folder = dirname(join(root, path));
    symlinkSync(folder, join(into, basename(folder)), 'junction');
  }
}
