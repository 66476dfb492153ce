import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { joinBelow } from '../src/base-url.ts';
import { times } from './helpers/times.ts';

const numRuns = times({ usually: 2_000, full: 50_000 });

const base = fc
  .tuple(
    fc.constantFrom('https://api.example.com', 'http://127.0.0.1:8080', 'https://[::1]'),
    fc.constantFrom('', '/v1', '/a/b', '/a%2eb', '/ä'),
  )
  .map(([origin, prefix]) => new URL(origin + prefix).href.replace(/\/+$/, ''));

/** What a path may be made of to lead out: dots in every spelling, slashes, schemes, authorities, what the URL parser removes. */
const parts = [
  './.. . .. / // \\ %2e %2E .%2e %2e. %2f %5c ? # @ : https: javascript: 127.0.0.1 evil.example ． 。 ／ a v1 ä % %zz ; & ..; /../v1a /../b2'.split(
    ' ',
  ),
  ['\t', '\n', '\r', ' ', '\u0000', '\ufeff'],
].flat();
const anyPath = fc.oneof(fc.string({ unit: fc.constantFrom(...parts), maxLength: 12 }), fc.webPath(), fc.string({ unit: 'binary' }));

it('no path leads out of the base URL: it is below it, or there is none', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(base, anyPath, (baseUrl, text) => {
      const joined = joinBelow(baseUrl, text);
      // What a URL parser takes for a URL of its own is refused, and not written anew.
      const isPlain = Array.from(text).every((char) => char > ' ') && URL.canParse(text, `${baseUrl}/`);
      if (isPlain && new URL(text, `${baseUrl}/`).origin !== new URL(baseUrl).origin) expect(joined).toBeUndefined();
      if (joined === undefined) return;
      const [url, root] = [new URL(joined), new URL(baseUrl)];
      const prefix = root.pathname.replace(/\/$/, '');
      expect([url.origin, url.username, url.password]).toEqual([root.origin, '', '']);
      expect(url.pathname === prefix || url.pathname.startsWith(`${prefix}/`)).toBe(true);
      // Whoever parses it once more gets the same.
      expect(url.href).toBe(joined);
    }),
    { numRuns },
  );
});

it('an ordinary path goes below the base URL as it is, with or without a leading slash', { timeout: 60_000 }, () => {
  const segment = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~'.split('')), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(base, fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean(), (baseUrl, segments, slash) => {
      expect(joinBelow(baseUrl, (slash ? '/' : '') + segments.join('/'))).toBe(`${baseUrl}/${segments.join('/')}`);
    }),
    { numRuns },
  );
});

const v1 = 'https://api.example.com/v1';

describe('the URL of a path below a base URL', () => {
  it.each([
    ['', v1],
    ['account', `${v1}/account`],
    ['/account', `${v1}/account`],
    ['account?of=me', `${v1}/account?of=me`],
    ['?of=me', `${v1}?of=me`],
    ['#top', `${v1}#top`],
    ['/', `${v1}/`],
    ['a/../b', `${v1}/b`],
    ['@evil.example/', `${v1}/@evil.example/`],
    ['/items/a:b', `${v1}/items/a:b`],
    ['items/a:b', `${v1}/items/a:b`],
    ['items//a', `${v1}/items//a`],
  ])('a path keeps the prefix of the base: %j', (path, expected) => {
    expect(joinBelow(v1, path)).toBe(expected);
  });

  it.each([
    ['https://api.example.com', 'account', 'https://api.example.com/account'],
    ['https://api.example.com', '', 'https://api.example.com/'],
    ['https://api.example.com/', '/account', 'https://api.example.com/account'],
    ['https://api.example.com/v1//', 'account', 'https://api.example.com/v1/account'],
    ['https://api.example.com/a/b/', '/c', 'https://api.example.com/a/b/c'],
  ])('slashes at the end of the base do not count: %s and %j', (of, path, expected) => {
    expect(joinBelow(of, path)).toBe(expected);
  });

  it.each(['..', '../', '../v2', '/../v12', '../v12/account', '%2e%2e/v2', '.%2E/', 'a/../../v2', '..?a', '..#a'])(
    'a path that leads out of the base has no URL: %s',
    (path) => {
      expect(joinBelow(v1, path)).toBeUndefined();
    },
  );

  it.each([
    'https://evil.example/v1',
    'HTTPS://evil.example/v1',
    'https:/account',
    'mailto:x',
    'c4:x',
    'web+x:y',
    'x-y.z:w',
    '//evil.example/v1',
    '\\\\evil.example\\v1',
    '/\\evil.example',
    'a\\..\\..\\b',
  ])('what names a scheme or a host, or holds a backslash, has no URL: %s', (path) => {
    expect(joinBelow(v1, path)).toBeUndefined();
  });
});
