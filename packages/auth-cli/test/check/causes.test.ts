import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { languages } from '../../src/language.ts';
import { makeMachine } from '../helpers/shell.ts';
import { stages } from './stages.ts';

const checkSchema = v.object({
  vendor: v.string(),
  ok: v.boolean(),
  steps: v.array(
    v.object({
      name: v.string(),
      outcome: v.picklist(['ok', 'warning', 'failed']),
      detail: v.string(),
      answer: v.optional(v.string()),
      cause: v.optional(v.string()),
      means: v.optional(v.string()),
      todo: v.optional(v.string()),
    }),
  ),
});

/** Letters that only texts of this language have. */
const scripts = { ko: /\p{Script=Hangul}/u, ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u, fr: /[éèêàçùôî’]/ };

describe.each(stages)('where $title', ({ cause, status, stage }) => {
  it.each(languages)('check names the cause in %s, to a person and to a program', async (language) => {
    await using staged = await stage();
    using forPrograms = makeMachine();
    const json = await forPrograms.run([staged.vendor, 'check', '--json', '--lang', language], { env: staged.env });
    const { steps } = v.parse(checkSchema, JSON.parse(json.stdout));
    const told = steps.find((step) => step.cause !== undefined);
    expect({ cause: told?.cause, status: json.status }).toEqual({ cause, status });
    const sentences = [told?.means ?? '', told?.todo ?? ''];
    for (const sentence of sentences) expect(sentence).not.toMatch(/\{\w+\}/);
    if (language !== 'en') expect(sentences.join(' ')).toMatch(scripts[language]);
    using forPeople = makeMachine();
    const text = await forPeople.run([staged.vendor, 'check'], { env: { ...staged.env, LANG: `${language}_XX.UTF-8` } });
    const spoken = ({ stdout }: typeof text): string => stdout.replaceAll(/\d{2}:\d{2}Z|127\.0\.0\.1:\d+/g, '');
    for (const sentence of sentences) expect(spoken(text)).toContain(sentence.replaceAll(/127\.0\.0\.1:\d+/g, ''));
    expect(text.status).toBe(status);
  });
});

it('at least twelve different causes are staged', () => {
  expect(new Set(stages.map(({ cause }) => cause)).size).toBeGreaterThanOrEqual(12);
});
