import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { askPassword, baseUrlSchema, endpointUrl, passwordSchema, readEnv } from '../../src/provider/index.ts';
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
  ])('a base URL is accepted and normalised: %s', (text, expected) => {
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
  ])('a base URL with plain http is accepted only with allowInsecure: %s', (text) => {
    expect(baseUrl(text)).toMatch(/^wrong: plain http is refused except on loopback/);
    expect(baseUrl(text, true)).toBe(text.replace('::ffff:10.0.0.1', '::ffff:a00:1'));
  });

  it.each([
    'https://q7Zx@h.example',
    'https://u:q7Zx@h.example',
    'https://:q7Zx@h.example',
    'https://h.example?q7Zx',
    'https://h.example?',
    'https://h.example/#q7Zx',
    'https://h.example/#',
  ])('a base URL with user name, password, query or fragment is wrong: %s', (text) => {
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
    'xhttps://q7Zx',
    'https://',
    'https://q7 Zx',
    7,
    null,
    undefined,
    {},
  ])('a base URL that is not an absolute http(s) URL is wrong, and not quoted: %j', (text) => {
    expect(baseUrl(text)).toMatch(/^wrong: /);
    expect(baseUrl(text, true)).not.toContain('q7Zx');
  });

  it('the error for a text that is no http(s) URL tells what one looks like', () => {
    expect(baseUrl('api.example.com')).toBe('wrong: expected an absolute URL, like https://api.example.com');
  });
});

describe('a secure origin', () => {
  it.each(['https://x.example', 'http://localhost', 'http://a.localhost', 'http://127.255.0.3', 'http://[::1]'])(
    'credentials may be sent to %s',
    (url) => {
      expect(isSecureOrigin(new URL(url))).toBe(true);
    },
  );

  it.each(['http://x.example', 'ftp://localhost', 'ws://localhost', 'file:///x', 'http://localhost.', 'http://127.0.0.1.x'])(
    'credentials may not be sent to %s',
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
  ])('endpointUrl keeps the path prefix of %s', (base, expected) => {
    expect(endpointUrl(base, ['api', 'login']).href).toBe(expected);
  });

  it('endpointUrl keeps each segment as one, whatever it contains', () => {
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

  it.each(['.', '..'])('endpointUrl throws for the segment %s', (segment) => {
    expect(() => endpointUrl('https://h.example/v1', ['api', segment, 'login'])).toThrow(RangeError);
  });
});

describe('a password', () => {
  const judge = (password: unknown): string => {
    const result = check(v.object({ password: passwordSchema }), { password });
    return result.success ? 'fine' : describeIssues(result.issues);
  };

  it.each(['x', ' ', '\nx', 'x ', 'pä"s\\s', '\u2028', () => 'x', async () => 'x'])('a password may be %j', (password) => {
    expect(judge(password)).toBe('fine');
  });

  it.each(['q7Zx\n', 'q7Zx\r\n', 'q7Zx\r', '\n'])('a password that ends in a line break is wrong: %j', (password) => {
    expect(judge(password)).toBe('password: ends in a line break (was it read from a file? trim it)');
  });

  it.each([undefined, null, 70_707, {}, ['q7Zx'], true])('a password that is neither a string nor a function is wrong: %j', (password) => {
    expect(judge(password)).toBe('password: expected a string that is not empty, or a function that returns one');
  });

  it('an empty password is wrong', () => {
    expect(judge('')).toBe('password: is empty');
  });

  it('askPassword returns a function for a string and for a function', async () => {
    expect(await askPassword('x')()).toBe('x');
    expect(await askPassword(async () => 'y')()).toBe('y');
  });
});

describe('environment variables', () => {
  it('readEnv returns the required variables, and the optional ones that are set', () => {
    const env = { A: 'a', B: ' b ', C: '', D: 'd', E: undefined };
    expect(readEnv(env, 'acme', ['A', 'B'], ['C', 'D', 'E'])).toEqual({ A: 'a', B: ' b ', D: 'd' });
  });

  it('one CONFIG error names all missing or empty variables and quotes none', () => {
    const read = (): unknown => readEnv({ A: 'q7Zx', B: '' }, 'acme', ['A', 'B', 'C'], ['D']);
    expect(read).toThrow('acme: these environment variables are not set: B, C');
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG', provider: 'acme' }));
  });

  it('a misspelt variable is CONFIG and names the right one, unless that one is set, too', () => {
    const read = (env: Record<string, string>): unknown => readEnv(env, 'acme', ['ACME_KEY'], ['ACME_BASE_URL']);
    const says = 'acme: ACME_BASEURL is not known, did you mean ACME_BASE_URL?';
    expect(() => read({ ACME_KEY: 'k', ACME_BASEURL: 'q7Zx' })).toThrow(expect.objectContaining({ code: 'CONFIG', message: says }));
    expect(() => read({ acme_key: 'k' })).toThrow(
      'acme: acme_key is not known, did you mean ACME_KEY?; these environment variables are not set: ACME_KEY',
    );
    // As on Windows, where the names are not case-sensitive.
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

  it.each(['ACME_URL', 'ACME_HOST', 'ACME_ENDPOINT', 'acme_url'])(
    'an address under another name than ACME_BASE_URL is CONFIG, also beside it: %s',
    (name) => {
      const says = `acme: ${name} is not known, did you mean ACME_BASE_URL?`;
      for (const env of [{}, { ACME_BASE_URL: 'https://q7Zx.example' }]) {
        const wrong = { ...env, [name]: 'https://q7Zx.example' };
        expect(() => readEnv(wrong, 'acme', [], ['ACME_BASE_URL'])).toThrow(expect.objectContaining({ code: 'CONFIG', message: says }));
      }
      expect(readEnv({ [name]: '' }, 'acme', [], ['ACME_BASE_URL'])).toEqual({});
      expect(readEnv({ [name]: 'x', OTHER_HOST: 'y' }, 'acme', [], ['ACME_KEY'])).toEqual({});
      expect(readEnv({ ACME_URL: 'x' }, 'acme', ['ACME_URL'], ['ACME_BASE_URL'])).toEqual({ ACME_URL: 'x' });
    },
  );
});
