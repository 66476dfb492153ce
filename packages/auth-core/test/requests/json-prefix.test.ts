import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readJsonPrefix } from '../../src/provider/index.ts';

const key = fc.constantFrom('header', 'result_code', 'x', 'statuts', '', 'a"b', 'é\\u');
const { tree } = fc.letrec<{ tree: unknown; object: object }>((tie) => ({
  object: fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  tree: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), tie('object'), fc.array(tie('tree'), { maxLength: 3 })),
}));
const json = fc.tuple(tree, fc.constantFrom(undefined, 1, '\t')).map(([value, indent]) => JSON.stringify(value, undefined, indent));

describe('readJsonPrefix', () => {
  test('the beginning of a JSON document is read as JSON.parse reads the whole, also where letters are spelled as escapes', () => {
    const property = fc.property(json, fc.array(key, { minLength: 1, maxLength: 3 }), (text, path) => {
      expect(readJsonPrefix(text, path, true)).toEqual(expected(JSON.parse(text), path));
      expect(readJsonPrefix(escapeLetters(text), path, true)).toEqual(expected(JSON.parse(text), path));
    });
    fc.assert(property, { numRuns: 500 });
  });

  test('the beginning of a JSON document says what the whole says, or that more is needed', () => {
    const joined = fc.tuple(json, fc.string()).map((parts) => parts.join(''));
    const property = fc.property(fc.oneof(json, fc.string(), joined), fc.array(key, { minLength: 1, maxLength: 2 }), (whole, path) => {
      const verdict = readJsonPrefix(whole, path, true);
      for (let length = 0; length <= whole.length; length++) {
        const answer = readJsonPrefix(whole.slice(0, length), path, false);
        if (answer !== 'need-more') expect(answer).toEqual(verdict);
      }
    });
    fc.assert(property, { numRuns: 300 });
    expect(readJsonPrefix('{"x":', ['x'], false)).toBe('need-more');
  });
});

/** What JSON.parse says stands there. */
function expected(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'object' && value !== null ? 'absent' : { found: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return 'absent';
  return expected(Reflect.get(value, name), rest);
}

function escapeLetters(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replaceAll(/\\.|[a-z]/g, (part) => (part.startsWith('\\') ? part : `\\u00${part.codePointAt(0)?.toString(16)}`)),
  );
}
