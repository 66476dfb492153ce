import { expect, it } from 'vitest';

import { parseHttpDate } from '../src/http-date.ts';

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
