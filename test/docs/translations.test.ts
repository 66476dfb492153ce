import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { type Document, firstCells, readDocument, root, withoutComments } from './documents.ts';

/** Each page with its languages. A translation is whole. */
const translated = [
  { page: 'packages/esignon-auth/README', languages: ['ko', 'ja'] },
  { page: 'packages/datacomsys-auth/README', languages: ['fr'] },
  { page: 'docs/errors', languages: ['ko', 'ja', 'fr'] },
  { page: 'docs/options', languages: ['ko', 'ja', 'fr'] },
].flatMap(({ page, languages }) => languages.map((language) => ({ original: `${page}.md`, path: `${page}.${language}.md`, language })));

/** A heading with what stands below it. */
interface Section {
  readonly title: string;
  readonly level: number;
  readonly text: string;
  readonly code: readonly string[];
  readonly comments: readonly string[];
  readonly rows: number;
  readonly links: readonly string[];
}

function sectionsOf(document: Document): Section[] {
  const lines = readFileSync(join(root, document.path), 'utf8').split('\n');
  return document.headings.map(({ text: title, level, line }, index) => {
    const end = document.headings[index + 1]?.line ?? lines.length + 1;
    const text = lines.slice(line - 1, end - 1);
    const blocks = document.blocks.filter((block) => block.line > line && block.line < end);
    return {
      title,
      level,
      text: text.join('\n').trim(),
      code: blocks.map(({ language, code }) => `${language}\n${withoutComments(code)}`),
      comments: blocks.flatMap(({ code }) => code.match(/^\s*\/\/ (?!→).*$/gm) ?? []),
      rows: text.filter((content) => content.startsWith('|')).length,
      links: document.links.filter((link) => link.line >= line && link.line < end).map(({ target }) => pageOf(target)),
    };
  });
}

/** Where a link leads, in whatever language: the anchors of a page are translated with it. */
function pageOf(target: string): string {
  const [file = ''] = target.split('#');
  return file.replace(/\.(?:ko|ja|fr)\.md$/, '.md');
}

/** By which text of the original each section was translated. */
const record = v.parse(
  v.record(v.string(), v.record(v.string(), v.string())),
  JSON.parse(readFileSync(join(root, 'test/docs/translated.json'), 'utf8')),
);

const hashOf = (text: string): string =>
  createHash('sha256')
    .update(text.replaceAll(/[ -]{2,}/g, ' '))
    .digest('hex')
    .slice(0, 12);

describe.each(translated)('$path', ({ original, path, language }) => {
  const english = sectionsOf(readDocument(original));
  const foreign = sectionsOf(readDocument(path));

  it('has every section of its original, in the same order, with the same code but for its comments', () => {
    expect(foreign.map(({ level, code }) => ({ level, code }))).toEqual(english.map(({ level, code }) => ({ level, code })));
  });

  it('has the same rows in its tables, of the same names', () => {
    expect(foreign.map(({ rows }) => rows)).toEqual(english.map(({ rows }) => rows));
    for (const kind of [/[A-Z_]+/, /[a-z]\w+/]) expect(firstCells(path, kind)).toEqual(firstCells(original, kind));
  });

  it('leads to the same pages, and to their translation where there is one', () => {
    const others = (links: readonly string[]): string[] => links.filter((link) => link !== '' && !link.endsWith('README.md')).toSorted();
    // Under the title each lists the other languages.
    const leadsTo = (sections: readonly Section[]): string[][] => sections.slice(1).map(({ links }) => others(links));
    expect(leadsTo(foreign)).toEqual(leadsTo(english));
    const untranslated = readDocument(path).links.filter(({ target }) => {
      const [file = ''] = target.split('#');
      return (
        file.endsWith('.md') &&
        existsSync(join(root, path, '..', file.replace(/(?:\.\w\w)?\.md$/, `.${language}.md`))) &&
        !file.endsWith(`.${language}.md`)
      );
    });
    expect(untranslated.filter(({ line }) => line > 8)).toEqual([]);
  });

  it('has its comments translated, each of them', () => {
    expect(foreign.map(({ comments }) => comments.length)).toEqual(english.map(({ comments }) => comments.length));
    const left = foreign.flatMap(({ comments }, index) =>
      comments.filter((comment) => english[index]?.comments.includes(comment) === true),
    );
    expect(left).toEqual([]);
  });

  it('is of the text that its original has now: after a change, translate the section, then write its hash into translated.json', () => {
    expect(Object.fromEntries(english.map(({ title, text }) => [title, hashOf(text)]))).toEqual(record[path]);
  });
});
