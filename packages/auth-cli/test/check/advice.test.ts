import { expect, it } from 'vitest';

import { fill } from '../../src/check/advice.ts';
import { languages, say } from '../../src/language.ts';

it('a sentence is filled with the names of the account, and braces of a vendor of its own stay as they are', () => {
  expect(fill('Set {variable}, then call /items/{id}.', { variable: 'ACME_BASE_URL' })).toBe('Set ACME_BASE_URL, then call /items/{id}.');
});

it('a sentence that a vendor has in some languages is told in English in the others', () => {
  const texts = { en: 'The account is locked.', fr: 'Le compte est bloqué.' };
  expect(languages.map((language) => say(texts, language))).toEqual([texts.en, texts.en, texts.en, texts.fr]);
});
