import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type Document, readAllDocuments, readDocument, readDocuments, root } from './documents.ts';
import type { Link } from './markdown.ts';

const isExternal = ({ target }: Link): boolean => /^[a-z]+:/.test(target);

/** Why a link leads nowhere; undefined where it does not. */
function problemOf(document: Document, { target, line }: Link): string | undefined {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? document.path : posix.join(posix.dirname(document.path), file);
  if (!existsSync(join(root, path))) return `line ${line}: there is no ${path}`;
  if (anchor === undefined) return undefined;
  const found = readDocument(path).headings.some((heading) => heading.anchor === decodeURIComponent(anchor));
  return found ? undefined : `line ${line}: ${path} has no heading for #${anchor}`;
}

describe('links', () => {
  for (const document of readAllDocuments()) {
    it(`the links of ${document.path} lead to a file and a heading that are there`, () => {
      const problems = document.links.filter((link) => !isExternal(link)).flatMap((link) => problemOf(document, link) ?? []);
      expect(problems).toEqual([]);
    });
  }

  it('every page can be found: another one links to it', () => {
    const pages = readDocuments();
    const targets = new Set(
      pages.flatMap(({ path, links }) => links.map(({ target }) => posix.join(posix.dirname(path), target.split('#')[0] ?? ''))),
    );
    // The first is where everybody begins, and a package's own is found with the package.
    const isFirst = (path: string): boolean => /^(?:packages\/[\w-]+\/)?README\.md$/.test(path);
    expect(pages.map(({ path }) => path).filter((path) => !isFirst(path) && !targets.has(path))).toEqual([]);
  });

  it('the links of the documents are found at all', () => {
    expect(readAllDocuments().flatMap(({ links }) => links).length).toBeGreaterThan(40);
  });

  it('the links to other sites are all secure', () => {
    const targets = readAllDocuments().flatMap(({ links }) => links.filter(isExternal).map(({ target }) => target));
    expect(targets.filter((target) => !target.startsWith('https://'))).toEqual([]);
  });
});
