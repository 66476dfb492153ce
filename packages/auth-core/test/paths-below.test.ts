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

  it.each(['..%2f', '..%2Fv2', '%2e%2e%2fv2', 'a%2f..%2f..%2fv2', '..%5cv2', 'a/..%5C..%2f', '.%2e%5c', 'a/..%2f../v12'])(
    'a path that leads out of the base where a server decodes its slashes has no URL: %s',
    (path) => {
      expect(joinBelow(v1, path)).toBeUndefined();
    },
  );

  it.each([
    ['files/a%2fb', `${v1}/files/a%2fb`],
    ['files/a%5cb', `${v1}/files/a%5cb`],
    ['a%2f../b', `${v1}/a%2f../b`],
    ['a/..%2fb', `${v1}/a/..%2fb`],
    ['find?path=..%2f..%2f', `${v1}/find?path=..%2f..%2f`],
    ['find#..%2f..%2f', `${v1}/find#..%2f..%2f`],
  ])('an encoded slash that leads out of nothing stays as it is: %s', (path, expected) => {
    expect(joinBelow(v1, path)).toBe(expected);
  });

  it('an encoded slash in the base itself stays as it is', () => {
    expect(joinBelow('https://api.example.com/a%2fb', 'c%2fd')).toBe('https://api.example.com/a%2fb/c%2fd');
    expect(joinBelow('https://api.example.com/a%2fb', '..%2fc')).toBeUndefined();
  });

  it.each([
    '\thttps://evil.example/v1',
    ' https://evil.example',
    '\0//evil.example',
    '  //evil.example',
    'ht\ntps://evil.example',
    'a\tb',
    'a\r',
  ])('what a URL parser would take for another text has no URL: %j', (path) => {
    expect(joinBelow(v1, path)).toBeUndefined();
  });

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
