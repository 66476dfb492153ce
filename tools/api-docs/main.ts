// Makes docs/api from the docstrings. With --check it writes nothing, and fails where a page is not what it would write.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { entryPoints } from './entry-points.ts';
import { makePages } from './make-pages.ts';

const root = join(import.meta.dirname, '../..');
const pages = join(root, 'docs/api');
const isCheck = process.argv.includes('--check');
const out = isCheck ? mkdtempSync(join(tmpdir(), 'api-docs-')) : pages;

const problems = await makePages(entryPoints(root), join(import.meta.dirname, 'tsconfig.json'), out);
const stale = isCheck ? listPages(pages, out).filter((path) => read(pages, path) !== read(out, path)) : [];
if (isCheck) rmSync(out, { recursive: true });
for (const problem of problems) console.error(problem);
for (const path of stale)
  console.error(`docs/api/${path} is not what the docstrings say: run \`pnpm docs:api\`, and commit what it writes`);
process.exitCode = problems.length + stale.length === 0 ? 0 : 1;

function listPages(...directories: readonly string[]): string[] {
  return [...new Set(directories.flatMap((cwd) => globSync('**/*.md', { cwd })))];
}

function read(directory: string, path: string): string | undefined {
  try {
    return readFileSync(join(directory, path), 'utf8');
  } catch {
    return undefined;
  }
}
