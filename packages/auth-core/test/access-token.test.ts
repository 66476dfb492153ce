import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';

import { describe, expect, it } from 'vitest';

import { type AccessToken, createAccessToken, formatAuthorization } from '../src/access-token.ts';

const value = 'S3CR3T-value';
const token = createAccessToken({ value, scheme: 'esignon', issuedAt: Date.UTC(2026, 0, 1), expiresAt: Date.UTC(2026, 0, 31) });
const bare = createAccessToken({ value, issuedAt: 1 });

/** Its interface does not say that it has a `toString` of its own. */
const asText: (what: unknown) => string = String;

/** What a caller without types may take it for. */
const printable = (what: AccessToken): string => what as unknown as string;

/** Every way in which values get printed. */
const looks: Readonly<Record<string, (what: AccessToken) => unknown>> = {
  inspect: inspect,
  'inspect, showing what is hidden': (what) => inspect(what, { showHidden: true, depth: null, getters: true, colors: true }),
  'inspect without custom printing': (what) => inspect(what, { customInspect: false, depth: null, getters: true }),
  'inspect of everything but getters': (what) => inspect(what, { customInspect: false, showHidden: true, depth: null }),
  'inspect inside something': (what) => inspect({ deep: { er: [new Map([['token', what]])] } }, { depth: null, showHidden: true }),
  '%o': (what) => format('%o', what),
  '%O': (what) => format('%O', what),
  '%s': (what) => format('%s', what),
  '%j': (what) => format('%j', what),
  JSON: (what) => JSON.stringify(what),
  'JSON inside something': (what) => JSON.stringify({ what: [what] }),
  String: asText,
  'a template': (what) => `in a ${printable(what)}`,
  concatenation: (what) => ['', printable(what)].join('|'),
  'its text in a locale': (what) => printable(what).toLocaleString(),
  structuredClone: (what) => inspect(structuredClone(what), { showHidden: true, getters: true }),
  serialisation: (what) => Buffer.concat([serialize(what)]).toString('latin1') + inspect(deserialize(serialize(what))),
  'a spread': (what) => JSON.stringify({ ...what }) + inspect({ ...what }),
  'its entries': (what) => inspect([Object.keys(what), Object.entries(what), Reflect.ownKeys(what)]),
  'its own properties': (what) => inspect(Object.getOwnPropertyDescriptors(what)),
  'a failed assertion': (what) => {
    try {
      expect(what).toEqual({ other: 1 });
      return 'it did not fail';
    } catch (error) {
      return inspect(error, { depth: null });
    }
  },
  'an error that carries it': (what) => inspect(Object.assign(new Error('x', { cause: what }), { what }), { depth: null }),
};

describe('a token', () => {
  it.each(Object.entries(looks))('a token does not show its value: %s', (_name, look) => {
    for (const each of [token, bare]) {
      const text = String(look(each));
      expect(text).not.toContain(value);
      expect(text).not.toContain('S3CR3T');
      expect(text).not.toBe('');
    }
  });

  it('a printed token says what it is and when it ends', () => {
    expect(inspect(token)).toBe('AccessToken(esignon, ends 2026-01-31T00:00:00.000Z, value hidden)');
    expect(asText(bare)).toBe('AccessToken(no scheme, no end, value hidden)');
    expect(asText(createAccessToken({ value, issuedAt: 1, expiresAt: 1e20 }))).toBe(
      'AccessToken(no scheme, ends 100000000000000000000, value hidden)',
    );
  });

  it('a token has the fields that it was made of, and no others', () => {
    expect(token).toMatchObject({ value, scheme: 'esignon', issuedAt: Date.UTC(2026, 0, 1), expiresAt: Date.UTC(2026, 0, 31) });
    expect('scheme' in bare).toBe(false);
    expect('expiresAt' in bare).toBe(false);
    expect(JSON.parse(JSON.stringify(bare))).toEqual({ issuedAt: 1 });
  });

  it('a token cannot be changed', () => {
    for (const field of ['scheme', 'issuedAt', 'expiresAt', 'other']) expect(Reflect.set(token, field, 'x')).toBe(false);
    Reflect.set(token, 'value', 'x');
    expect(token.value).toBe(value);
    expect(Object.isFrozen(token)).toBe(true);
  });
});

describe('the Authorization header', () => {
  it('the Authorization header is the scheme, one space and the value', () => {
    expect(formatAuthorization(token)).toBe('esignon S3CR3T-value');
  });

  it('the Authorization header is the value alone where there is no scheme', () => {
    expect(formatAuthorization(bare)).toBe(value);
    expect(formatAuthorization({ value: 'plain', issuedAt: 0 })).toBe('plain');
  });
});

it('a token prints no secret, however it is inspected', () => {
  const secret = createAccessToken({ value: 's3cret', extra: { csrf: 'c5rf' }, issuedAt: 0 });
  for (const customInspect of [true, false]) {
    const printed = inspect(secret, { showHidden: true, getters: true, customInspect, depth: 10 });
    expect(printed).not.toMatch(/s3cret|c5rf/);
  }
});

it('a logger may redact a token’s value in place: nothing changes, and nothing throws', () => {
  const secret = createAccessToken({ value: 's3cret', issuedAt: 0 });
  expect(Reflect.set(secret, 'value', '[Redacted]')).toBe(true);
  expect(secret.value).toBe('s3cret');
});
