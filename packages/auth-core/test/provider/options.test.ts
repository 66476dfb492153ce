import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { askPassword, baseUrlSchema, endpointUrl, passwordSchema, readEnv } from '../../src/provider/options.ts';
import { isSecureOrigin } from '../../src/base-url.ts';
import { check, describeIssues } from '../../src/validation.ts';

function baseUrl(text: unknown, allowInsecure = false): string {
  const result = check(baseUrlSchema(allowInsecure), text);
  return result.success ? result.output : `wrong: ${describeIssues(result.issues)}`;
}

describe('a base URL', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com///', 'https://api.example.com'],
    ['HTTPS://API.Example.com:443/v1/', 'https://api.example.com/v1'],
    ['https://api.example.com/V1/x%20y', 'https://api.example.com/V1/x%20y'],
    [' https://api.example.com\n', 'https://api.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://[2001:db8::1]:8443/x', 'https://[2001:db8::1]:8443/x'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]/x/', 'http://[::1]/x'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://api.localhost', 'http://api.localhost'],
  ])('is taken, in one spelling: %s', (text, expected) => {
    expect(baseUrl(text)).toBe(expected);
  });

  it.each([
    'http://api.example.com',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://128.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://[::2]',
    'http://[2001:db8::1]',
    'http://[::ffff:10.0.0.1]',
  ])('is refused in the clear, unless that is allowed: %s', (text) => {
    expect(baseUrl(text)).toMatch(/^wrong: plain http is refused except on loopback/);
    expect(baseUrl(text, true)).toBe(text.replace('::ffff:10.0.0.1', '::ffff:a00:1'));
  });

  it.each([
    'https://q7Zx@h.example',
    'https://u:q7Zx@h.example',
    'https://h.example?q7Zx',
    'https://h.example?',
    'https://h.example/#q7Zx',
    'https://h.example/#',
  ])('has nothing but a host and a path: %s', (text) => {
    expect(baseUrl(text)).toBe('wrong: expected a URL without user name, password, query and fragment');
    expect(baseUrl(text, true)).toMatch(/^wrong: /);
  });

  it.each([
    '',
    'q7Zx',
    '/q7Zx',
    'ftp://q7Zx',
    'file:///q7Zx',
    'javascript:q7Zx',
    '//q7Zx',
    'https://',
    'https://q7 Zx',
    7,
    null,
    undefined,
    {},
  ])('is an absolute URL, and not quoted where it is none: %j', (text) => {
    expect(baseUrl(text)).toMatch(/^wrong: /);
    expect(baseUrl(text, true)).not.toContain('q7Zx');
  });
});

describe('a secure origin', () => {
  it.each(['https://x.example', 'http://localhost', 'http://a.localhost', 'http://127.255.0.3', 'http://[::1]'])('is %s', (url) => {
    expect(isSecureOrigin(new URL(url))).toBe(true);
  });

  it.each(['http://x.example', 'ftp://localhost', 'ws://localhost', 'file:///x', 'http://localhost.', 'http://127.0.0.1.x'])(
    'is not %s',
    (url) => {
      expect(isSecureOrigin(new URL(url))).toBe(false);
    },
  );
});

describe('the URL of an endpoint', () => {
  it.each([
    ['https://h.example', 'https://h.example/api/login'],
    ['https://h.example/', 'https://h.example/api/login'],
    ['https://h.example/v1', 'https://h.example/v1/api/login'],
    ['https://h.example/v1/', 'https://h.example/v1/api/login'],
    ['https://h.example/a%20b/v1//', 'https://h.example/a%20b/v1/api/login'],
  ])('keeps the path prefix of %s', (base, expected) => {
    expect(endpointUrl(base, ['api', 'login']).href).toBe(expected);
  });

  it('has each segment as one, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (segment) => {
        fc.pre(segment !== '.' && segment !== '..' && segment.isWellFormed());
        const url = endpointUrl('https://h.example/v1', ['api', segment, 'login']);
        const [, ...segments] = url.pathname.split('/');
        expect(segments.map((each) => decodeURIComponent(each))).toEqual(['v1', 'api', segment, 'login']);
        expect(url.search + url.hash).toBe('');
      }),
    );
  });

  it.each(['.', '..'])('cannot have a segment that walks through the tree: %s', (segment) => {
    expect(() => endpointUrl('https://h.example/v1', ['api', segment, 'login'])).toThrow(RangeError);
  });
});

describe('a password', () => {
  const judge = (password: unknown): string => {
    const result = check(v.object({ password: passwordSchema }), { password });
    return result.success ? 'fine' : describeIssues(result.issues);
  };

  it.each(['x', ' ', '\nx', 'x ', 'pä"s\\s', '\u2028', () => 'x', async () => 'x'])('may be %j', (password) => {
    expect(judge(password)).toBe('fine');
  });

  it.each(['q7Zx\n', 'q7Zx\r\n', 'q7Zx\r', '\n'])('that ends in a line break is pointed out: %j', (password) => {
    expect(judge(password)).toBe('password: ends in a line break (was it read from a file? trim it)');
  });

  it.each([undefined, null, 70_707, {}, ['q7Zx'], true])('is nothing else: %j', (password) => {
    expect(judge(password)).toBe('password: expected a string that is not empty, or a function that returns one');
  });

  it('is not empty', () => {
    expect(judge('')).toBe('password: is empty');
  });

  it('is asked for the same way, string or function', async () => {
    expect(await askPassword('x')()).toBe('x');
    expect(await askPassword(async () => 'y')()).toBe('y');
  });
});

describe('environment variables', () => {
  it('come back by their names, the optional ones where they are set', () => {
    const env = { A: 'a', B: ' b ', C: '', D: 'd', E: undefined };
    expect(readEnv(env, 'acme', ['A', 'B'], ['C', 'D', 'E'])).toEqual({ A: 'a', B: ' b ', D: 'd' });
  });

  it('that are missing or empty are all named, and those that are there are not quoted', () => {
    const read = (): unknown => readEnv({ A: 'q7Zx', B: '' }, 'acme', ['A', 'B', 'C'], ['D']);
    expect(read).toThrow('acme: these environment variables are not set: B, C');
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG', provider: 'acme' }));
  });

  it('that are misspelt are named with what was meant, unless that is set, too', () => {
    const read = (env: Record<string, string>): unknown => readEnv(env, 'acme', ['ACME_KEY'], ['ACME_BASE_URL']);
    const says = 'acme: ACME_BASEURL is not known, did you mean ACME_BASE_URL?';
    expect(() => read({ ACME_KEY: 'k', ACME_BASEURL: 'q7Zx' })).toThrow(expect.objectContaining({ code: 'CONFIG', message: says }));
    expect(() => read({ acme_key: 'k' })).toThrow(
      'acme: acme_key is not known, did you mean ACME_KEY?; these environment variables are not set: ACME_KEY',
    );
    // As on Windows, where names are read whatever their case.
    const lenient = new Proxy(
      { acme_key: 'k' },
      {
        has: (target, name) => Reflect.has(target, String(name).toLowerCase()),
        get: (target, name) => Reflect.get(target, String(name).toLowerCase()),
      },
    );
    expect(read(lenient)).toEqual({ ACME_KEY: 'k' });
    expect(read({ ACME_KEY: 'k', ACME_BASE_URL: 'u', ACME_BASEURL: 'v', ACME_OTHER: 'w' })).toEqual({ ACME_KEY: 'k', ACME_BASE_URL: 'u' });
  });
});
