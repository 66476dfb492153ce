import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { readDocuments, root } from './documents.ts';
import { countWords, sentencesOf } from './prose.ts';

const most = { lines: 200, words: 30, charactersWithoutSpaces: 120 };

/** Images, and phrases that readers did not understand at first sight; each has a plain term. */
const unclear =
  /\b(?:heart|hand(?:s|ed|ing)? out|gives? up|given up|giving up|lets? go of|outliv\w*|woken|back to life|in the clear|hammer\w*|for good|weakness|rules of the house|honest\w*|kept to|keeps? to|shown? .{0,20}own words|where it came from|a look into|dies|fleet memory|twice for once|is said on|for ever)\b/gi;

const pages = readDocuments().map(({ path }) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const isTranslation = ({ path }: { path: string }): boolean => /\.\w\w\.md$/.test(path);

it.each(pages)(`$path has no more than ${most.lines} lines`, ({ text }) => {
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(most.lines);
});

it.each(pages)(`$path has no sentence of more than ${most.words} words`, ({ path, text }) => {
  const long = sentencesOf(text).filter((sentence) => countWords(sentence.text) > most.words);
  expect(long.map((sentence) => `${path}:${sentence.line} ${countWords(sentence.text)} words: ${sentence.text}`)).toEqual([]);
});

// Japanese puts no spaces between words.
it.each(pages.filter(({ path }) => path.endsWith('.ja.md')))(
  `$path has no sentence of more than ${most.charactersWithoutSpaces} characters`,
  ({ path, text }) => {
    const long = sentencesOf(text).filter((sentence) => sentence.text.length > most.charactersWithoutSpaces);
    expect(long.map((sentence) => `${path}:${sentence.line} ${sentence.text.length}: ${sentence.text}`)).toEqual([]);
  },
);

it.each(pages.filter((page) => !isTranslation(page)))('$path has plain terms, and no images for them', ({ path, text }) => {
  // The title of a test is quoted as it is.
  const own = sentencesOf(text).filter((sentence) => !sentence.text.startsWith('code: '));
  const found = own.flatMap((sentence) =>
    [...sentence.text.matchAll(unclear)].map(([words]) => `${path}:${sentence.line} ${words}: ${sentence.text}`),
  );
  expect(found).toEqual([]);
});

it('the sentences of a text are found: of paragraphs, lists and tables, without code', () => {
  const text =
    '# Title\n\nOne `a b c`. Two\nlines!\n\n```js\nNo. Code.\n```\n\n- An item: [a link](there.md).\n\n| A cell. Another | `x` |\n\nはい。いいえ。';
  expect(sentencesOf(text).map((one) => one.text)).toEqual([
    'Title',
    'One code.',
    'Two lines!',
    'An item: a link.',
    'A cell.',
    'Another',
    'code',
    'はい。',
    'いいえ。',
  ]);
  expect(countWords('One `code`, two – three.')).toBe(4);
});
