import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, expect, it } from 'vitest';

import { AuthError } from '../src/index.ts';
import { check, describeIssues, parseOptions } from '../src/validation.ts';

/** Occurs in no schema and in no message. */
const sentinel = 'q7Zx';

const number = 70_707_073;

/** Every kind of check that valibot words by itself. */
const schemas: readonly (readonly [name: string, schema: v.GenericSchema])[] = [
  ['array', v.array(v.number())],
  ['bigint', v.bigint()],
  ['boolean', v.boolean()],
  ['custom', v.custom(() => false)],
  ['date', v.date()],
  ['email', v.pipe(v.string(), v.email())],
  ['endsWith', v.pipe(v.string(), v.endsWith('end'))],
  ['enum', v.enum({ a: 'a', b: 'b' })],
  ['excludes', v.pipe(v.string(), v.excludes(sentinel[0] ?? ''))],
  ['finite', v.pipe(v.string(), v.transform(Number), v.finite())],
  ['instance', v.instance(Date)],
  [
    'integer',
    v.pipe(
      v.string(),
      v.transform(() => number + 0.5),
      v.integer(),
    ),
  ],
  ['intersect', v.intersect([v.number(), v.boolean()])],
  ['isoDate', v.pipe(v.string(), v.isoDate())],
  ['length', v.pipe(v.string(), v.length(3))],
  ['literal', v.literal('other')],
  ['looseObject', v.looseObject({ a: v.number() })],
  ['looseTuple', v.looseTuple([v.number(), v.number()])],
  ['map', v.map(v.string(), v.number())],
  ['maxLength', v.pipe(v.string(), v.maxLength(1))],
  ['minLength', v.pipe(v.string(), v.minLength(9_999))],
  [
    'maxValue',
    v.pipe(
      v.string(),
      v.transform(() => number),
      v.maxValue(3),
    ),
  ],
  ['never', v.never()],
  [
    'nonEmpty',
    v.pipe(
      v.string(),
      v.transform(() => ''),
      v.nonEmpty(),
    ),
  ],
  ['nonNullable', v.nonNullable(v.nullable(v.number()))],
  ['null', v.null()],
  ['number', v.number()],
  ['object', v.object({ a: v.object({ b: v.array(v.number()) }) })],
  ['parseJson', v.pipe(v.string(), v.parseJson())],
  ['picklist', v.picklist(['ko', 'en'])],
  ['record', v.record(v.picklist(['a', 'b']), v.number())],
  ['regex', v.pipe(v.string(), v.regex(/^\d+$/))],
  ['set', v.set(v.number())],
  ['startsWith', v.pipe(v.string(), v.startsWith('start'))],
  ['strictTuple', v.strictTuple([v.string()])],
  ['string', v.string()],
  ['tupleWithRest', v.tupleWithRest([v.number()], v.number())],
  ['undefined', v.undefined()],
  ['union', v.union([v.number(), v.object({ a: v.string() }), v.array(v.boolean())])],
  ['url', v.pipe(v.string(), v.url())],
  ['uuid', v.pipe(v.string(), v.uuid())],
  ['variant', v.variant('kind', [v.object({ kind: v.literal('a') }), v.object({ kind: v.literal('b') })])],
];

const secretValue = fc.oneof(
  fc.string().map((text) => `${sentinel}${text}`),
  fc.constant(number),
  fc.constant(BigInt(number)),
  fc.constant(Symbol(sentinel)),
);

const input = fc.oneof(
  secretValue,
  fc.array(secretValue),
  fc.record({ a: secretValue, b: secretValue, kind: secretValue }),
  fc.record({ a: fc.oneof(secretValue, fc.record({ b: fc.array(secretValue) })), kind: secretValue }),
  secretValue.map((value) => new Map([['a', value]])),
  secretValue.map((value) => new Set([value])),
  secretValue.map((value) => new Error(String(value))),
);

const shows = (message: string): boolean => message.includes(sentinel) || message.includes(String(number));

afterEach(() => {
  v.deleteGlobalConfig();
  v.deleteGlobalMessage();
  v.deleteGlobalMessage('de');
  v.deleteSchemaMessage();
  v.deleteSpecificMessage(v.string);
});

it.each(schemas)('what is wrong with an input is said without quoting a value: %s', (_name, schema) => {
  let failures = 0;
  fc.assert(
    fc.property(input, (value) => {
      for (const result of [v.safeParse(schema, value), check(schema, value)]) {
        if (result.success) continue;
        failures += 1;
        const message = describeIssues(result.issues);
        expect(shows(message)).toBe(false);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 100 },
  );
  expect(failures).toBeGreaterThan(0);
});

it('what is wrong with an input is said without quoting a value, also where the application has words of its own for every schema', () => {
  const quotes = (issue: v.BaseIssue<unknown>): string => `Falsch: ${issue.received} ${JSON.stringify(issue.input)}`;
  v.setGlobalMessage(quotes);
  v.setGlobalMessage(quotes, 'de');
  v.setSchemaMessage(quotes);
  v.setSpecificMessage(v.string, quotes);
  v.setGlobalConfig({ lang: 'de' });
  const schema = v.object({
    a: v.number(),
    b: v.pipe(v.string(), v.url()),
    c: v.string(),
    d: v.pipe(
      v.string(),
      v.check(() => false, 'is odd'),
    ),
  });
  const wrong = { a: sentinel, b: sentinel, c: { a: sentinel }, d: sentinel };
  for (const result of [v.safeParse(schema, wrong), check(schema, wrong)]) {
    expect(describeIssues(result.issues ?? [])).not.toContain(sentinel);
  }
  expect(describeIssues(check(schema, wrong).issues ?? [])).toContain('d: is odd');
});

it('every wrong field is named, also where the application has valibot stop at the first', () => {
  v.setGlobalConfig({ abortEarly: true, abortPipeEarly: true });
  const schema = v.object({ a: v.number(), b: v.object({ c: v.array(v.string()) }), d: v.string() });
  const message = describeIssues(check(schema, { a: 'x', b: { c: ['y', 1] } }).issues ?? []);
  expect(message).toBe('a: expected number; b.c.1: expected string; d: is missing');
});

it("what is wrong with an input is said in the words of the schema's author, whatever they begin with", () => {
  const schema = v.object({
    a: v.pipe(
      v.string(),
      v.check(() => false, 'Invalid or revoked'),
    ),
  });
  expect(describeIssues(check(schema, { a: 'x' }).issues ?? [])).toBe('a: Invalid or revoked');
});

it('what is wrong with an input is said even where nothing was expected in particular', () => {
  const schema = v.pipe(
    v.string(),
    v.check(() => false),
  );
  expect(describeIssues(check(schema, sentinel).issues ?? [])).toBe('is not valid');
});

it('options come back as the schema makes them', () => {
  expect(parseOptions(v.object({ a: v.optional(v.number(), 3) }), {}, 'acme')).toEqual({ a: 3 });
});

it('options that are wrong end in CONFIG, with every wrong field', () => {
  const schema = v.object({ a: v.number(), b: v.string() });
  let error: unknown;
  try {
    parseOptions(schema, { a: sentinel }, 'acme');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AuthError);
  expect(error).toMatchObject({ code: 'CONFIG', provider: 'acme', retryable: false });
  expect(error).toHaveProperty('message', 'acme: wrong options: a: expected number; b: is missing');
  expect(error).not.toHaveProperty('cause');
});

it('an option that nobody knows ends in CONFIG, with the one that was probably meant; one that is undefined counts as not given', () => {
  const schema = v.object({ baseUrl: v.optional(v.string()), a: v.number() });
  const parse = (options: object): unknown => parseOptions(schema, options, 'acme');
  expect(() => parse({ baseURL: sentinel, a: 1 })).toThrow('acme: wrong options: baseURL: is not known, did you mean baseUrl?');
  expect(() => parse({ base_url: sentinel })).toThrow('acme: wrong options: base_url: is not known, did you mean baseUrl?; a: is missing');
  expect(() => parse({ url: sentinel, a: 1 })).toThrow('acme: wrong options: url: is not known, did you mean baseUrl?');
  expect(() => parse({ baseUrl: 'u', host: sentinel, a: 1 })).toThrow(/^acme: wrong options: host: is not known$/);
  expect(parse({ baseUrl: 'u', a: 1, b: undefined })).toEqual({ baseUrl: 'u', a: 1 });
  class Settings {
    readonly #a = 1;
    get a(): number {
      return this.#a;
    }
  }
  expect(parse(new Settings())).toEqual({ a: 1 });
});

it.each([undefined, null, 7, 'text', []])('options that are no object end in CONFIG: %j', (options) => {
  expect(() => parseOptions(v.object({ a: v.number() }), options, 'acme')).toThrow(/^acme: wrong options: /);
});
