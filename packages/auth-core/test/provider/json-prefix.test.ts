import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readJsonPrefix } from '../../src/provider/json-prefix.ts';

const path = ['header', 'result_code'];
const read = (body: string, complete = true): unknown => readJsonPrefix(body, path, complete);

describe('readJsonPrefix', () => {
  it.each([
    ['{"header":{"result_code":"94"}}', '94'],
    ['\ufeff \n{ "header" :\t{ "result_code" : "94" } }', '94'],
    ['{"a":{"header":{"result_code":"1"}},"header":{"a":[{"result_code":"2"}],"result_code":"94"}}', '94'],
    ['{"a":"\\"header\\":{\\"result_code\\":\\"1\\"}","header":{"b":"}","result_code":"94"}}', '94'],
    ['{"a":"\\\\","header":{"result_code":"94"}}', '94'],
    ['{"\\u0068eader":{"result\\u005fcode":"9\\u0034"}}', '94'],
    ['{"header":{"result_code":94}}', 94],
    ['{"header":{"result_code":null}}', null],
    ['{"header":{"result_code":true}}', true],
    ['{"header":{"result_code":"94","result_code":"00"}}', '94'],
    ['{"header":{"result_code":"94"}} and then nonsense', '94'],
  ])('a value at the path is found: %s', (body, found) => {
    expect(read(body)).toEqual({ found });
    expect(read(body, false)).toEqual({ found });
  });

  it.each([
    '',
    ' ',
    '{',
    'null',
    '[]',
    '"header"',
    '{}',
    '{"header":{}}',
    '{"header":"result_code"}',
    '{"header":{"result_code":{}}}',
    '{"header":{"result_code":["94"]}}',
    '{"result_code":"94"}',
    '<html>"header":{"result_code":"94"}</html>',
    '{"header":{"result_code":"94',
    '{"header":{"result_code":9',
    '{"header":{"result_code"x"94"}}',
    '{header:{result_code:"94"}}',
  ])('a document without a value at the path is absent: %j', (body) => {
    expect(read(body)).toBe('absent');
  });

  it('the value is the one that JSON.parse finds, and no beginning of a document gives another one', () => {
    const key = fc.constantFrom('header', 'result_code', 'x', 'a"b', '\\', 'é');
    const { document } = fc.letrec<{ document: unknown }>((tie) => ({
      document: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(
          fc.string(),
          fc.constantFrom('94', 94, '}', '"', '\\', '{"header"', null, true),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
        ),
        fc.array(tie('document'), { maxLength: 3 }),
        fc.dictionary(key, tie('document'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(document, fc.record({ x: document, header: fc.record({ x: document, result_code: document }) })),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const body = JSON.stringify(value, null, indent);
          const expected = lookUp(JSON.parse(body));
          expect(read(body)).toEqual(expected);
          for (let end = 0; end <= body.length; end++) {
            const early = read(body.slice(0, end), false);
            if (early !== 'need-more') expect(early).toEqual(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('readJsonPrefix never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('{}[]":,\\u0 94header'), 'result_code', '"header"') }),
        fc.boolean(),
        (body, complete) => {
          const result = read(body, complete);
          expect(complete && result === 'need-more').toBe(false);
        },
      ),
    );
  });
});

function lookUp(document: unknown): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return 'absent';
    value = Reflect.get(value, key);
  }
  return typeof value === 'object' && value !== null ? 'absent' : { found: value };
}
