import type { AccessToken } from '@x/auth-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { parseAllowRule } from '../../src/proxy/allow.ts';
import { checkTarget, pathOf } from '../../src/proxy/target.ts';
import { createTokenMask } from '../../src/proxy/token-mask.ts';

/** What paths that lead elsewhere are made of. */
const parts = [
  '/',
  '//',
  '.',
  '..',
  '%2e',
  '%2E',
  '%252e',
  '%25252e',
  '%2f',
  '%252F',
  '%5c',
  '\\',
  ';',
  '%3b',
  'a',
  'api',
  '%',
  '%00',
  '%0a',
  '?',
  '#',
  ' ',
  ':',
  '@',
  'é',
];
const target = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((chosen) => `/${chosen.join('')}`);

/** A lenient server leaves what is broken as it is, and decodes the rest. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replaceAll(/%[0-7][\da-f]/gi, (escape) => decodeURIComponent(escape));
  }
}

/** As a server reads it that decodes so many times, drops what stands behind a semicolon, and resolves dots. */
function readAs(path: string, decodings: number): string {
  let text = path;
  for (let round = 0; round < decodings; round += 1) {
    text = decode(text);
  }
  const withoutParameters = text.replaceAll(/;[^/]*/g, '');
  // A server does not read what comes out of a decoded path as a query or a fragment.
  const escaped = withoutParameters.replaceAll('?', '%3F').replaceAll('#', '%23');
  return new URL(`http://vendor.example/v1${escaped}`).pathname;
}

it('no target that passes leads out of the base URL, however often a server decodes it', () => {
  const property = fc.property(target, fc.nat(4), (text, decodings) => {
    fc.pre(checkTarget(text) === undefined);
    expect(`${readAs(pathOf(text), decodings)}/`).toMatch(/^\/v1\//);
  });
  fc.assert(property, { numRuns: 1000, maxSkipsPerRun: 1000 });
});

it('no target that a rule lets through is below another path, however often a server decodes it', () => {
  const allows = parseAllowRule('GET /api/*');
  const property = fc.property(target, fc.nat(4), (text, decodings) => {
    const given = `/api${text}`;
    fc.pre(checkTarget(given) === undefined && allows?.('GET', given) === true);
    expect(readAs(pathOf(given), decodings)).toMatch(/^\/v1\/api(?:\/|$)/);
  });
  fc.assert(property, { numRuns: 3000, maxSkipsPerRun: 1000 });
});

it('a token is masked wherever it stands in a body, and wherever the body is cut into pieces', () => {
  const value = 'abcabcabd/0123';
  const token: AccessToken = { value, issuedAt: 0 };
  // Beginnings of the token, too, which must come through.
  const text = fc
    .array(fc.constantFrom(value, 'abcabcab', 'abc', 'a', 'd/0123', '\n', 'abcabcabd\\/0123', encodeURIComponent(value)), { maxLength: 8 })
    .map((all) => all.join(''));
  const property = fc.property(text, fc.array(fc.nat(60)), (body, cuts) => {
    const mask = createTokenMask({ peekToken: () => token });
    mask.learn();
    const masker = mask.body();
    const bytes = Buffer.from(body);
    const borders = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
    const pieces = borders.slice(1).map((end, at) => masker.push(Buffer.from(bytes.subarray(borders[at], end))));
    expect(Buffer.concat([...pieces, masker.end()]).toString()).toBe(mask.text(body));
    expect(mask.text(body)).not.toContain(value);
  });
  fc.assert(property, { numRuns: 3000 });
});

it('what is handed on of a body is never changed later, and a text without the token is handed on as it is', () => {
  const mask = createTokenMask({ peekToken: () => undefined });
  mask.learn();
  const chunk = Buffer.from('anything');
  expect(mask.body().push(chunk)).toEqual(chunk);
  expect(mask.text('anything')).toBe('anything');
});
