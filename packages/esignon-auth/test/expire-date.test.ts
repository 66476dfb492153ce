import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { times } from '../../auth-core/test/helpers/times.ts';
import { createEsignonTokenProvider } from '../src/index.ts';
import { parseExpireDate } from '../src/expire-date.ts';
import { startEsignonSandbox } from '../src/sandbox.ts';

const now = Date.UTC(2026, 10, 1);
const read = (value: unknown): number | 'unknown' => parseExpireDate(value, now);
const midnight = Date.parse('2099-12-22T00:00:00+09:00');
const morning = Date.parse('2099-12-22T04:23:28+09:00');

describe('expire_date', () => {
  it.each([
    '2099-12-22',
    '2099/12/22',
    '2099.12.22',
    '2099. 12. 22.',
    '2099.12.22.',
    '2099年12月22日',
    '2099년 12월 22일',
    '20991222',
    ' 2099-12-22\n',
    20_991_222,
  ])('a date without a time is the start of that day in Korea: %j', (value) => {
    expect(read(value)).toBe(midnight);
  });

  it.each(['2099-1-2', '2099/1/2', '2099. 1. 2.', '2099年1月2日'])('a date needs no leading zeros: %j', (value) => {
    expect(read(value)).toBe(Date.parse('2099-01-02T00:00:00+09:00'));
  });

  it.each([
    '2099-12-22 04:23:28',
    '2099-12-22T04:23:28',
    '2099-12-22t04:23:28',
    '2099/12/22 04:23:28',
    '2099.12.22 04:23:28',
    '2099. 12. 22. 04:23:28',
    '2099. 12. 22. 4:23:28',
    '2099年12月22日 04:23:28',
    '2099-12-22 04:23:28.0',
    '2099-12-22T04:23:28.000',
    '2099-12-22  04:23:28,000000000',
    '20991222 04:23:28',
    '20991222T04:23:28',
    '20991222 04:23:28.000',
    '20991222042328',
    '20991222042328.0',
    '20991222T042328',
    '20991222t042328',
    '20991222t04:23:28',
    '20991221t19:23:28z',
    '20991221192328z',
    '20991222042328 +09:00',
    '20991221T19:23:28Z',
    20_991_222_042_328,
    '2099-12-22T04:23:28+09:00',
    '2099-12-22 04:23:28 +0900',
    '2099-12-22 04:23:28+09',
    '2099-12-21T19:23:28Z',
    '2099-12-21 19:23:28.0 Z',
    '2099-12-21T19:23:28z',
    '20991221192328Z',
    '2099-12-21T14:23:28-05:00',
    '2099-12-22T05:22:28+09:59',
  ])('a date with a time is read in its zone, or in Korea without one: %j', (value) => {
    expect(read(value)).toBe(morning);
  });

  it('a time may have no seconds, or fractions of a second', () => {
    expect(read('2099-12-22 04:23')).toBe(morning - 28_000);
    expect(read('2099-12-22 04:23:28.5')).toBe(morning + 500);
    expect(read('2099-12-22T04:23:28.123456789Z')).toBe(Date.parse('2099-12-22T04:23:28.123Z'));
  });

  it('a date without a time may have a zone', () => {
    expect(read('2099-12-22Z')).toBe(Date.parse('2099-12-22T00:00:00Z'));
    expect(read('2099-12-22+09:00')).toBe(midnight);
    expect(read('20991222Z')).toBe(Date.parse('2099-12-22T00:00:00Z'));
  });

  it.each([4_101_555_808, '4101555808', 4_101_555_808_000, '4101555808000'])(
    'epoch seconds and milliseconds are read, as a number or a string: %j',
    (value) => {
      expect(read(value)).toBe(4_101_555_808_000);
    },
  );

  it.each(['2020-01-31 04:23:28.0', '2026-10-31', 1_580_444_608, '20200131'])(
    'an instant in the past is returned as it is: %j',
    (value) => {
      const instant = read(value);
      expect(instant).toBeTypeOf('number');
      expect(Number(instant)).toBeLessThan(now);
    },
  );

  it.each([
    '2099-02-29',
    '2099-02-30',
    '2099-13-01',
    '2099-00-10',
    '2099-04-31',
    '2099-12-00',
    '2099-12-32',
    '20990230',
    '2099-12-22 24:00:00',
    '2099-12-22 04:60:00',
    '2099-12-22 04:23:60',
    '20991222042360',
    '2099-12-22T04:23:28+15:00',
    '2099-12-22T04:23:28+09:60',
    '0000-00-00',
    '0001-01-01',
    '0099-12-22',
  ])('an impossible date is unknown: %j', (value) => {
    expect(read(value)).toBe('unknown');
  });

  it.each(['9999-12-31', '99991231', '9999-12-31 23:59:59', '2199-01-01', 9_999_999_999_999])(
    'a date more than 100 years ahead is unknown: %j',
    (value) => {
      expect(read(value)).toBe('unknown');
    },
  );

  it('a date of up to 100 leap years ahead is read, and a later one is unknown, be it by a millisecond', () => {
    const last = now + 100 * 366 * 86_400_000;
    expect(read(last)).toBe(last);
    expect(read(last + 1)).toBe('unknown');
  });

  it.each([
    undefined,
    null,
    '',
    ' ',
    true,
    {},
    [],
    ['2099-12-22'],
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -4_101_555_808,
    4_101_555_808.5,
    0,
    7,
    123_456_789,
    1e21,
    10n,
    Symbol('x'),
    () => 0,
    new Date(now),
  ])('a missing value, or one of another type, is unknown: %s', (value) => {
    expect(read(value)).toBe('unknown');
  });

  it.each([
    '{만료일}',
    '{満了日}',
    'never',
    '99-12-22',
    '22-12-2099',
    '12/22/2099',
    '2099-12',
    '2099',
    '2099-12-22 오후 4:23',
    '2099-12-22x',
    'x2099-12-22',
    '2099-12-22 04',
    '2099--12-22',
    '2099-12-22 04:23:28 KST',
    '１２',
    '2099-W51',
    '+2099-12-22',
  ])('a text that is not a date is unknown: %j', (value) => {
    expect(read(value)).toBe('unknown');
  });

  it('parsing never throws, and returns an instant or unknown', () => {
    const near = fc.string({ unit: fc.constantFrom(...Array.from('0123456789-/.:TZ +年月日,'), '20', '12', '2099-12-22') });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), near, fc.double(), fc.integer()), fc.double(), (value, at) => {
        const instant = parseExpireDate(value, at);
        expect(instant === 'unknown' || Number.isSafeInteger(instant)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a text of 100,000 characters takes less than a second', () => {
    const started = performance.now();
    for (const value of [
      `2099-12-22${' '.repeat(100_000)}x`,
      `2099.${' '.repeat(100_000)}`,
      '9'.repeat(100_000),
      `2099-12-22 04:23${' '.repeat(100_000)}+`,
    ])
      read(value);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('an instant written in any supported format is read back exactly', () => {
    const instant = fc
      .date({ min: new Date('1971-01-01'), max: new Date('2120-01-01'), noInvalidDate: true })
      .map((date) => date.getTime());
    const offset = fc.integer({ min: -12 * 4, max: 14 * 4 }).map((quarters) => quarters * 15);
    fc.assert(
      fc.property(instant, offset, fc.constantFrom(...shapes), (at, minutes, shape) => {
        const { text, grain } = shape(at, minutes);
        expect(read(text)).toBe(Math.floor(at / grain) * grain);
      }),
      { numRuns: 2_000 },
    );
  });

  it(
    'every spelling of a date, a time and a zone is read, with any other, and is unknown with anything else in it',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(written, fc.nat(), fc.constantFrom('x', 'K', '#', '１', '\u0000', '--', '!'), ({ text, instant }, at, junk) => {
          expect(read(text)).toBe(instant);
          const place = at % (text.length + 1);
          expect(read(text.slice(0, place) + junk + text.slice(place))).toBe('unknown');
        }),
        { numRuns: times({ usually: 2_000, full: 50_000 }) },
      );
    },
  );

  it('whatever a login says of the end, its token is not ended when it is handed out', { timeout: 60_000 }, async () => {
    let expireDate: unknown;
    await using sandbox = await startEsignonSandbox({ expireDate: () => expireDate });
    const { companyId, email, password } = sandbox.accounts[0];
    const numRuns = times({ usually: 50, full: 500 });
    const around = fc.integer({ min: -1e13, max: 1e13 }).map((from) => Date.now() + from);
    const said = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(0, -1, 1, '0', '1970-01-01', 1_000_000_000),
      around,
      around.map((at) => local(at, korea)),
    );
    await fc.assert(
      fc.asyncProperty(said, async (value) => {
        expireDate = value;
        const began = Date.now();
        const { expiresAt } = await createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url }).getToken();
        expect(expiresAt).toBeGreaterThanOrEqual(began);
      }),
      { numRuns },
    );
  });
});

/** A format of an instant, and its precision in milliseconds. */
type Shape = (at: number, offset: number) => { text: string | number; grain: number };

const korea = 540;
const local = (at: number, offset: number): string => new Date(at + offset * 60_000).toISOString().slice(0, 23);
const digits = (text: string): string => text.replace(/\D/g, '');

function zone(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}${separator}${String(minutes % 60).padStart(2, '0')}`;
}

const shapes: readonly Shape[] = [
  (at) => ({ text: local(at, korea).replace('T', ' '), grain: 1 }),
  (at) => ({ text: local(at, korea), grain: 1 }),
  (at) => ({ text: local(at, korea).replace('T', ' ').slice(0, 19), grain: 1_000 }),
  (at) => ({ text: local(at, korea).slice(0, 19).replaceAll('-', '/'), grain: 1_000 }),
  (at) => ({ text: local(at, korea).slice(0, 19).replaceAll('-', '. ').replace('T', '. '), grain: 1_000 }),
  (at) => ({
    text: local(at, korea)
      .slice(0, 19)
      .replace(/^(\d+)-(\d+)-(\d+)T/, '$1年$2月$3日 '),
    grain: 1_000,
  }),
  (at) => ({ text: digits(local(at, korea).slice(0, 19)), grain: 1_000 }),
  (at) => ({ text: new Date(at).toISOString(), grain: 1 }),
  (at, offset) => ({ text: local(at, offset) + zone(offset, ':'), grain: 1 }),
  (at, offset) => ({ text: local(at, offset).slice(0, 19).replace('T', ' ') + zone(offset, ''), grain: 1_000 }),
  (at, offset) => ({ text: digits(local(at, offset).slice(0, 19)) + zone(offset, ':'), grain: 1_000 }),
  (at) => (at < 1e12 ? { text: new Date(at).toISOString(), grain: 1 } : { text: at, grain: 1 }),
  (at) => (at < 1e12 ? { text: new Date(at).toISOString(), grain: 1 } : { text: String(Math.floor(at / 1_000)), grain: 1_000 }),
];

/** A text with a date in it, and the instant that it names. */
interface Written {
  readonly text: string;
  readonly instant: number;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** A date alone, as vendors write it. */
const dateForms: readonly ((y: number, m: number, d: number) => string)[] = [
  (y, m, d) => `${y}-${two(m)}-${two(d)}`,
  (y, m, d) => `${y}/${m}/${d}`,
  (y, m, d) => `${y}.${two(m)}.${two(d)}`,
  (y, m, d) => `${y}. ${m}. ${d}.`,
  (y, m, d) => `${y}年${m}月${d}日`,
  (y, m, d) => `${y}년 ${m}월 ${d}일`,
  (y, m, d) => `${y}${two(m)}${two(d)}`,
];

const clockTime = fc
  .record({
    h: fc.nat(23),
    m: fc.nat(59),
    s: fc.nat(59),
    ms: fc.constantFrom(0, 5, 120, 999),
    before: fc.constantFrom(' ', 'T', 't', '  '),
  })
  .chain(({ h, m, s, ms, before }) =>
    fc.constantFrom(
      { text: `${before}${two(h)}:${two(m)}`, passed: (h * 60 + m) * 60_000 },
      { text: `${before}${two(h)}:${two(m)}:${two(s)}`, passed: ((h * 60 + m) * 60 + s) * 1_000 },
      { text: `${before}${two(h)}:${two(m)}:${two(s)}.${String(ms).padStart(3, '0')}`, passed: ((h * 60 + m) * 60 + s) * 1_000 + ms },
    ),
  );

const zoneText = fc.oneof(
  fc.constant({ text: '', minutes: korea }),
  fc.constant({ text: 'Z', minutes: 0 }),
  fc.constant({ text: ' Z', minutes: 0 }),
  fc
    .tuple(fc.integer({ min: -12 * 60, max: 14 * 60 }), fc.constantFrom('', ':'), fc.constantFrom('', ' '))
    .map(([minutes, separator, before]) => ({ text: before + zone(minutes, separator), minutes })),
);

const written: fc.Arbitrary<Written> = fc
  .tuple(
    fc.date({ min: new Date('1971-01-02'), max: new Date('2120-01-01'), noInvalidDate: true }),
    fc.constantFrom(...dateForms),
    fc.oneof(fc.constant({ text: '', passed: 0 }), clockTime),
    zoneText,
  )
  .map(([day, form, time, { text, minutes }]) => {
    const [y, m, d] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
    return { text: form(y, m + 1, d) + time.text + text, instant: Date.UTC(y, m, d) + time.passed - minutes * 60_000 };
  });
