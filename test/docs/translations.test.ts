import { describe, expect, it } from 'vitest';

import { type Document, firstCells, readDocument } from './documents.ts';

/** The sections that are translated: they open every package's README, in this order. */
const translated = [
  { package: 'esignon-auth', languages: ['ko', 'ja'] },
  { package: 'datacomsys-auth', languages: ['fr'] },
];
const sections = ['Install', 'Quick start', 'Errors'];

/** The headings of a page as their levels, from the title on; of the original only the sections that are translated. */
function outline({ headings }: Document, wanted?: readonly string[]): { level: number; from: number; to: number }[] {
  return headings.flatMap(({ level, text, line }, index) => {
    const section = headings.slice(0, index + 1).findLast((heading) => heading.level === 2)?.text;
    const isTitle = level === 1;
    if (wanted !== undefined && !isTitle && !wanted.includes(section ?? text)) return [];
    return [{ level, from: line, to: headings[index + 1]?.line ?? Number.POSITIVE_INFINITY }];
  });
}

/** The code under each heading. */
function codeOf(document: Document, wanted?: readonly string[]): { level: number; code: string[] }[] {
  return outline(document, wanted).map(({ level, from, to }) => ({
    level,
    code: document.blocks.filter(({ line }) => line > from && line < to).map(({ language, code }) => `${language}\n${code}`),
  }));
}

for (const { package: name, languages } of translated) {
  const english = readDocument(`packages/${name}/README.md`);
  describe(`the translations of ${english.path}`, () => {
    it(`${english.path} has the sections that its translations have`, () => {
      const titles = english.headings.filter(({ level }) => level === 2).map(({ text }) => text);
      expect(titles.filter((title) => sections.includes(title))).toEqual(sections);
      expect(codeOf(english, sections).flatMap(({ code }) => code).length).toBeGreaterThan(2);
    });

    for (const language of languages) {
      const path = `packages/${name}/README.${language}.md`;
      it(`${path} has the same sections in the same order, with the same code to the byte`, () => {
        expect(codeOf(readDocument(path))).toEqual(codeOf(english, sections));
      });

      it(`${path} tells of the same error codes`, () => {
        expect(firstCells(path, /[A-Z_]+/)).toEqual(firstCells(english.path, /[A-Z_]+/));
      });
    }
  });
}
