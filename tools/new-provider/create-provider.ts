import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { edits, MODEL_DIR, vendorsOwn } from './model-files.ts';
import { register } from './register.ts';
import { checkName, rename } from './rename.ts';

const TEMPLATE_DIR = join(import.meta.dirname, 'template');

/**
 * Makes the package of a new provider: what is the same for every vendor is copied from the smallest provider as it is now; what differs
 * comes from `template/` and fails until it is filled in.
 *
 * @returns the package's folder, relative to the root.
 * @throws Error if the name is not usable, the package exists, or the smallest provider no longer is what the edits expect.
 */
export function createProvider(root: string, name: string | undefined): string {
  const vendor = checkName(name);
  const dir = `packages/${vendor}-auth`;
  if (existsSync(join(root, dir))) throw new Error(`${dir} exists already: nothing was changed`);
  const files = new Map([...copiedFiles(root, vendor), ...templateFiles(vendor)]);
  for (const [path, text] of files) {
    const target = join(root, dir, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { flag: 'wx' });
  }
  register(root, dir);
  return dir;
}

/** What is committed of the model, its tests, documents and specialities left out. */
function copiedFiles(root: string, vendor: string): [path: string, text: string][] {
  const model = join(root, MODEL_DIR);
  const paths = [
    'package.json',
    'tsconfig.json',
    'LICENSE',
    ...globSync('src/**/*.ts', { cwd: model }).map((path) => path.replaceAll('\\', '/')),
  ];
  return paths
    .filter((path) => !vendorsOwn.includes(path))
    .map((path) => [rename(path, vendor, 'model'), rename(edit(path, readFileSync(join(model, path), 'utf8')), vendor, 'model')]);
}

function edit(path: string, text: string): string {
  return edits
    .filter(({ file }) => file === path)
    .reduce((edited, { from, to }) => {
      if (!from.test(edited)) throw new Error(`${MODEL_DIR}/${path} has changed: adapt tools/new-provider/model-files.ts (${from.source})`);
      return edited.replace(from, () => to);
    }, text);
}

function templateFiles(vendor: string): [path: string, text: string][] {
  return globSync('**/*.txt', { cwd: TEMPLATE_DIR }).map((path) => [
    rename(path.replaceAll('\\', '/').replace(/\.txt$/, ''), vendor, 'template'),
    rename(readFileSync(join(TEMPLATE_DIR, path), 'utf8'), vendor, 'template'),
  ]);
}
