import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type CodeBlock, type Markdown, parseMarkdown } from './markdown.ts';

/** The repository's root. */
export const root: string = join(import.meta.dirname, '../..');

/** A page for readers. */
export interface Document extends Markdown {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
}

/** A code block that Node can run. */
export interface Example extends CodeBlock {
  readonly path: string;
  /** What the test is called. */
  readonly name: string;
  /** The file that the reader is told to put it in; otherwise one of our choosing. */
  readonly file: string;
}

const patterns = ['*.md', 'packages/*/README*.md', 'docs/**/*.md', 'bench/README.md'];

/** Every page that somebody wrote. */
export function readDocuments(): Document[] {
  return readAllDocuments().filter(({ path }) => !path.startsWith('docs/api/'));
}

/** Every page, also those that are made from the docstrings. */
export function readAllDocuments(): Document[] {
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).map((path) => path.replaceAll('\\', '/'));
  return paths.toSorted().map((path) => readDocument(path));
}

/** @throws Error where there is no such page. */
export function readDocument(path: string): Document {
  return { path, ...parseMarkdown(readFileSync(join(root, path), 'utf8')) };
}

/** Every block of TypeScript and JavaScript on a page. */
export function examplesOf({ path, blocks }: Document): Example[] {
  return blocks
    .filter(({ language }) => language === 'ts' || language === 'js')
    .map((block) => ({
      ...block,
      path,
      name: `${path}, line ${block.line}`,
      file: fileOf(block),
    }));
}

/** The code without its comments, but with the lines that it says it prints: a translation has the same. */
export function withoutComments(code: string): string {
  return code.replaceAll(/^(\s*)\/\/ (?!→).*$/gm, '$1//');
}

/** A first line like `// acme.ts` names the file. */
function fileOf({ language, code, line }: CodeBlock): string {
  const named = /^\/\/ ([\w-]+\.[cm]?[jt]s)\n/.exec(code)?.[1];
  if (named !== undefined) return named;
  const extension = language === 'ts' ? 'ts' : /\brequire\(/.test(code) ? 'cjs' : 'mjs';
  return `line-${line}.${extension}`;
}

/** The names of one kind that stand, as code, in the first cell of a table's rows, its head left out. */
export function firstCells(path: string, kind: RegExp): string[] {
  const row = new RegExp(`^\\| ((?:\`${kind.source}\`,? ?)+)\\s*\\|(?!.*\\n\\| ?-)`, 'gm');
  const cells = [...readFileSync(join(root, path), 'utf8').matchAll(row)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}
