import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { root } from './documents.ts';

/** A project with the packages as they are built, and with undici 7: the one that runs on Node 20. */
export interface OldProject extends Disposable {
  /** Writes a file of the project, in a folder of its own where it names one. @returns Its path. */
  write(file: string, code: string): string;
}

/**
 * Makes such a project. The packages are copied, not linked: they have to find its undici, and not that of the repository.
 *
 * @throws Error if a package has not been built.
 */
export function makeOldProject(): OldProject {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'oldest-node-'));
  const modules = join(directory, 'node_modules');
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const from = dirname(join(root, path));
    if (!existsSync(join(from, 'dist/index.js'))) throw new Error(`${path} has not been built: run the build first`);
    const into = join(modules, '@x', basename(from));
    mkdirSync(into, { recursive: true });
    cpSync(join(from, 'dist'), join(into, 'dist'), { recursive: true });
    writeFileSync(join(into, 'package.json'), asPublished(readFileSync(join(root, path), 'utf8')));
  }
  for (const [name, from] of [
    ['undici', 'undici7'],
    ['valibot', 'valibot'],
  ] as const) {
    symlinkSync(realpathSync(join(root, 'node_modules', from)), join(modules, name), 'junction');
  }
  return {
    write(file, code) {
      const path = join(directory, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, code);
      return path;
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function asPublished(text: string): string {
  // A manifest of this repository, whose `publishConfig` another test looks at.
  const manifest = JSON.parse(text) as { publishConfig: { exports: object } };
  return JSON.stringify({ ...manifest, exports: manifest.publishConfig.exports });
}
