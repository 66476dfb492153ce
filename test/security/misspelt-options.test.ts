import { createAuthFetch, createTokenProviderPool } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { redisStore } from '@x/auth-store-redis';
import { sqliteStore } from '@x/auth-store-sqlite';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { describe, expect, it } from 'vitest';

const protocol = {
  name: 'acme',
  baseUrl: 'https://api.example.com',
  identity: 'a',
  login: async () => ({ value: 't' }),
  isRejection: () => false,
};
const esignon = { companyId: 'acme', email: 'api@acme.example', password: 'right' };
const datacomsys = { baseUrl: 'https://api.example.com', codePort: 'MTP', idERP: 15, password: 'right' };
const value = 'https://test.example/secret';

/** Whatever takes options, called with one more; callers without types may pass anything. */
const functions: readonly (readonly [name: string, call: (options: object) => unknown])[] = [
  ['createEsignonTokenProvider', (options) => createEsignonTokenProvider({ ...esignon, ...options })],
  ['createDatacomsysTokenProvider', (options) => createDatacomsysTokenProvider({ ...datacomsys, ...options })],
  ['createTokenProvider', (options) => createTokenProvider(protocol, options)],
  ['createAuthFetch', (options) => createAuthFetch(createTokenProvider(protocol), options)],
  ['createTokenProviderPool', (options) => createTokenProviderPool(() => createTokenProvider(protocol), options)],
];

describe.each(functions)('%s', (_name, call) => {
  it.each(['url', 'host', 'endpoint', 'baseUri', 'baseURL', 'timeoutMs', 'retry', 'lang'])(
    'refuses the option %s, which it does not know, with CONFIG that names it and quotes no value',
    (option) => {
      const error = { code: 'CONFIG', message: expect.stringMatching(new RegExp(`\\b${option}: is not known`)) };
      expect(() => call({ [option]: value })).toThrowError(expect.objectContaining(error));
      expect(() => call({ [option]: value })).not.toThrow(value);
      expect(() => call({ [option]: undefined })).not.toThrow();
    },
  );
});

it.each([
  ['sqliteStore({ file })', () => Reflect.apply(sqliteStore, undefined, [{ file: 'a.db' }])],
  ["sqliteStore('a.db')", () => Reflect.apply(sqliteStore, undefined, ['a.db'])],
  ['redisStore({})', () => Reflect.apply(redisStore, undefined, [{}])],
])('%s is STORE at once', (_call, open) => {
  expect(open).toThrowError(expect.objectContaining({ code: 'STORE' }));
});
