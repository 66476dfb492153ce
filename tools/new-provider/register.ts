import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The last of a project's references to packages. */
const LAST_PACKAGE = /\{\s*"path":\s*"packages\/[^"]+"\s*\}(?![\s\S]*"path":\s*"packages\/)/;

/**
 * Makes a new package known: to the compiler, and to the next release.
 *
 * @throws Error if a project's references are not where they were.
 */
export function register(root: string, dir: string): void {
  for (const config of ['tsconfig.json', 'tsconfig.tests.json']) addReference(join(root, config), dir);
  const name = basename(dir);
  writeFileSync(join(root, '.changeset', `${name}.md`), `---\n'@x/${name}': minor\n---\n\nThe first release.\n`, { flag: 'wx' });
}

/** As text, so that the file keeps its form. */
function addReference(path: string, dir: string): void {
  const text = readFileSync(path, 'utf8');
  if (!LAST_PACKAGE.test(text)) throw new Error(`${path} has no reference to a package: adapt tools/new-provider/register.ts`);
  const added = text.replace(LAST_PACKAGE, (last) => `${last},\n    ${last.replace(/packages\/[^"]+/, () => dir)}`);
  writeFileSync(path, added);
}
