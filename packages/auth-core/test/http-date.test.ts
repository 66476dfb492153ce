import fc from 'fast-check';
import { expect, it } from 'vitest';

import { parseHttpDate } from '../src/http-date.ts';
import { times } from './helpers/times.ts';

const now = Date.UTC(2026, 10, 25);
/** The example of RFC 9110, section 5.6.7. */
const example = Date.UTC(1994, 10, 6, 8, 49, 37);

it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
  'all three forms of an HTTP-date are read as GMT, whatever the time zone of the machine: %s',
  (text) => {
    expect(parseHttpDate(text, now)).toBe(example);
  },
);

it.each([
  ['Tuesday, 25-Nov-76 00:00:00 GMT', Date.UTC(2076, 10, 25)],
  ['Wednesday, 25-Nov-77 00:00:00 GMT', Date.UTC(1977, 10, 25)],
  ['Thu, 29 Feb 2024 12:00:60 GMT', Date.UTC(2024, 1, 29, 12, 1, 0)],
])('a year of two digits is at most 50 years ahead, and a leap second counts: %s', (text, expected) => {
  expect(parseHttpDate(text, now)).toBe(expected);
});

it.each([
  '',
  '0',
  '-1',
  '1795618730',
  '2026-11-25T00:00:00Z',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 +0900',
  'Sun, 06 Nov 1994 08:49:37 JST',
  'Sun, 31 Feb 2026 08:49:37 GMT',
  'Sun, 00 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Noon 1994 08:49:37 GMT',
  ' Sun, 06 Nov 1994 08:49:37 GMT',
  'Sun Nov 6 08:49:37 1994 GMT',
])('anything else is no HTTP-date: %j', (text) => {
  expect(parseHttpDate(text, now)).toBeUndefined();
});

const numRuns = times({ usually: 500, full: 20_000 });
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The three forms of RFC 9110, section 5.6.7. */
const forms: readonly ((at: Date) => string)[] = [
  (at) => at.toUTCString(),
  (at) => {
    const [, date = '', month = '', year = '', time = ''] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(at.toUTCString()) ?? [];
    return `${days[at.getUTCDay()] ?? ''}, ${date}-${month}-${year.slice(2)} ${time} GMT`;
  },
  (at) => {
    const [, day = '', date = '', month = '', year = '', time = ''] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(at.toUTCString()) ?? [];
    return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
  },
];

it('an instant written in any of the three forms is read back to the second', () => {
  // The form with two digits reaches 50 years ahead, and less than 50 back.
  const instant = fc.date({ min: new Date(now - 49 * 31_556_952_000), max: new Date(now + 49 * 31_556_952_000), noInvalidDate: true });
  fc.assert(
    fc.property(instant, fc.constantFrom(...forms), (at, form) => {
      expect(parseHttpDate(form(at), now)).toBe(Math.floor(at.getTime() / 1_000) * 1_000);
    }),
    { numRuns },
  );
});

it('whatever a header holds, reading it never throws, and brings an instant that the text names or nothing', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0123456789:, -'.split(''), 'Sun', 'Nov', 'GMT', '06', '1994', '08:49:37') });
  const changed = fc
    .tuple(fc.constantFrom(...forms), fc.nat(28), fc.string({ maxLength: 2 }))
    .map(([form, at, junk]) => form(new Date(example)).slice(0, at) + junk + form(new Date(example)).slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.string(), near, changed), (text) => {
      const instant = parseHttpDate(text, now);
      if (instant === undefined) return;
      expect(Number.isSafeInteger(instant)).toBe(true);
      const { 0: time = '', 1: minute, 2: second } = /\d\d:(\d\d):(\d\d)/.exec(text) ?? [];
      // A leap second counts as the first one of the next minute.
      if (second !== '60') expect(new Date(instant).toISOString()).toContain(time);
      expect(minute).toBeDefined();
    }),
    { numRuns },
  );
});
