import { describe, expect, it } from 'vitest';

import { parseOptions } from '../../src/validation.ts';
import * as v from 'valibot';

import { configError, createOriginCheck, onUnreplayableSchema } from '../../src/requests/options.ts';
import type { TokenProvider } from '../../src/token-provider.ts';
import { testProvider } from './helpers.ts';

describe('the origins that may have the token', () => {
  const mayReceive = (origin: string | URL | undefined): boolean =>
    createOriginCheck(testProvider(['https://api.example.com', 'https://files.example.com:8443/', 'http://127.0.0.1:8080']))(origin);

  it.each([
    'https://api.example.com',
    'https://api.example.com/',
    'https://API.example.com:443/path?a=b',
    'https://files.example.com:8443',
    'http://127.0.0.1:8080',
    new URL('https://files.example.com:8443/x'),
  ])('are each of those of the provider, however they are spelt: %s', (origin) => {
    expect(mayReceive(origin)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'api.example.com',
    'http://api.example.com',
    'https://api.example.com.evil.example',
    'https://api.example.com.evil.example/',
    'https://evil.example/https://api.example.com/',
    'https://api.example.com@evil.example/',
    'https://files.example.com',
    'https://files.example.com:8444',
    'https://127.0.0.1:8080',
    'ftp://api.example.com',
    'null',
    new URL('file:///x'),
    new URL('data:text/plain,x'),
  ])('are no others: %s', (origin) => {
    expect(mayReceive(origin)).toBe(false);
  });

  it('are texts and URLs, and nothing that only can be turned into one', () => {
    for (const disguised of [{ toString: () => 'https://api.example.com' }, ['https://api.example.com']]) {
      // What a caller without types may pass.
      expect(mayReceive(disguised as unknown as string)).toBe(false);
    }
  });

  it.each([
    { origins: [] },
    { origins: ['https://api.example.com', 'api.example.com'] },
    { origins: ['ftp://x.example'] },
    { origins: ['data:x'] },
  ])('are wrong where there is none, or one that is no http(s) origin: $origins', ({ origins }) => {
    expect(() => createOriginCheck(testProvider(origins))).toThrow(
      expect.objectContaining({
        code: 'CONFIG',
        provider: 'test',
        message: 'test: origins: expected at least one origin, each like "https://api.example.com"',
      }),
    );
  });

  it.each(['getToken', 'peekToken', 'isRejection', 'requestHeaders', 'origins'])(
    'are those of a TokenProvider: one without %s is none',
    (name) => {
      const incomplete = { ...testProvider(['https://api.example.com']), [name]: undefined };
      expect(() => createOriginCheck(incomplete)).toThrow(
        expect.objectContaining({
          code: 'CONFIG',
          provider: 'auth-core',
          message: 'auth-core: expected what create…TokenProvider(options) returns, not its options',
        }),
      );
    },
  );

  it.each([undefined, null, { password: 'x' }, 'https://api.example.com'])('are those of a TokenProvider: %j is none', (given) => {
    expect(() => createOriginCheck(given as unknown as TokenProvider)).toThrow(/expected what create…TokenProvider/);
  });
});

it('onUnreplayable is "response" or "error", or left out', () => {
  const parse = (onUnreplayable: unknown): unknown =>
    parseOptions(v.object({ onUnreplayable: onUnreplayableSchema }), { onUnreplayable }, 'acme');
  for (const fine of ['response', 'error', undefined]) expect(parse(fine)).toEqual({ onUnreplayable: fine });
  for (const wrong of ['', 'throw', true]) expect(() => parse(wrong)).toThrow('onUnreplayable: expected "response" or "error"');
});

it('a wrong setting is CONFIG in the name of the provider', () => {
  expect(configError(testProvider([]), 'no')).toMatchObject({ code: 'CONFIG', provider: 'test', message: 'test: no' });
});
