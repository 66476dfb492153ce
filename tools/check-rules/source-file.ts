import { parseSync, type Program } from 'oxc-parser';

import { type Import, readImports } from './imports.ts';

/** A TypeScript source, parsed. */
export interface SourceFile {
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly imports: readonly Import[];
  /** The line of a position in the text, from 1. */
  readonly lineAt: (offset: number) => number;
  /** The docstring that ends right before a position; undefined where there is none. */
  readonly docBefore: (offset: number) => string | undefined;
}

/** @throws SyntaxError where the text is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  return {
    path,
    text,
    program,
    imports: readImports(program),
    lineAt: (offset) => text.slice(0, offset).split('\n').length,
    docBefore: (offset) => docBefore(text, offset),
  };
}

function docBefore(text: string, offset: number): string | undefined {
  const before = text.slice(0, offset).trimEnd();
  if (!before.endsWith('*/')) return undefined;
  const comment = before.slice(before.lastIndexOf('/*'));
  if (!comment.startsWith('/**')) return undefined;
  const words = comment.slice(3, -2).replaceAll(/^\s*\* ?/gm, '');
  return words.trim() === '' ? undefined : words.trim();
}
