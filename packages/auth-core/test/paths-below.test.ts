import { describe, expect, it } from 'vitest';

import { joinBelow } from '../src/base-url.ts';

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
