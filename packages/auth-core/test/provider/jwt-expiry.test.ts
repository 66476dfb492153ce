import { expect, it } from 'vitest';

import { jwtExpiry } from '../../src/provider/index.ts';

function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function jwt(claims: unknown, signature = 'c2ln'): string {
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${signature}`;
}

it.each<readonly [exp: number, instant: number]>([
  [1_793_491_200, 1_793_491_200_000],
  [1_793_491_200.5, 1_793_491_200_500],
  [0, 0],
  [8_640_000_000_000, 8_640_000_000_000_000],
])('jwtExpiry reads exp in seconds as whole epoch milliseconds: %d', (exp, instant) => {
  expect(jwtExpiry(jwt({ sub: '가', exp, iat: 1 }))).toBe(instant);
  expect(jwtExpiry(jwt({ exp }, ''))).toBe(instant);
});

it.each([
  '',
  'opaque',
  'a.b',
  'a.b.c',
  '..',
  jwt('{"exp":1'),
  jwt(null),
  jwt([1_793_491_200]),
  jwt({}),
  jwt({ exp: '1793491200' }),
  jwt({ exp: null }),
  jwt({ exp: -1 }),
  jwt({ exp: 8_640_000_000_001 }),
  jwt('{"exp":1e400}'),
  `${jwt({ exp: 1_793_491_200 })}.x`,
  `${part({ enc: 'A256GCM' })}.${part({ exp: 1 })}.x.y.z`,
])("jwtExpiry is 'unknown' for anything else: %j", (token) => {
  expect(jwtExpiry(token)).toBe('unknown');
});

it.each([undefined, null, 7, {}, [], Symbol('x')])("jwtExpiry is 'unknown' for what is no text, and never throws: %#", (value) => {
  // What JavaScript may call it with.
  expect(jwtExpiry(value as string)).toBe('unknown');
});
