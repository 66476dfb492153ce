import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { createAccount } from '../../src/lifecycle/account.ts';
import { resolveOptions } from '../../src/lifecycle/options.ts';
import { checkTokenInit, headersOf, toCurrentToken, vendorTokenSchema } from '../../src/lifecycle/token.ts';
import { createAccessToken } from '../../src/access-token.ts';
import { stubVendor } from './stub-vendor.ts';

const now = Date.UTC(2026, 10, 25);
const hour = 3_600_000;
const day = 24 * hour;
const { protocol } = stubVendor({ now: () => now });

/** What is told of a login's result that cannot be used; undefined where it can. */
function complaint(init: unknown): string | undefined {
  try {
    checkTokenInit(init, 'acme');
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', provider: 'acme' });
    return error instanceof Error ? error.message : '';
  }
}

describe('what a login brought', () => {
  it.each([
    { value: 't' },
    { value: 'a~!b' },
    { value: 'two words' },
    { value: 'two \t words' },
    { value: 'é\u00FF\u0080' },
    { value: 't', scheme: "a!#$%&'*+.^_`|~-9" },
    { value: 't', extra: {} },
    { value: 't', extra: { csrf: 'x', other: '' } },
    { value: 't', expiresAt: 'unknown' },
    { value: 't', expiresAt: 0 },
    { value: 't', expiresAt: -1.5 },
  ])('is a token as it stands: %j', (init) => {
    expect(checkTokenInit(init, 'acme')).toEqual(init);
  });

  it.each(['', ' ', ' q7Zx', 'q7Zx ', 'q7Zx\t', 'q7\nZx', 'q7\r\nZx', 'q7\u007FZx', 'q7\u0000Zx', 'q7漢Zx'])(
    'is no token where no header can carry the value, which is not quoted: %j',
    (value) => {
      expect(complaint({ value })).toBe(
        'acme: the login brought no usable token (a bug in the provider?): value: expected characters that a header can carry',
      );
    },
  );

  it.each(['', 'two words', 'é', 'a:b', 'a,b', ' a', 'a '])('is no token where the scheme is none: %j', (scheme) => {
    expect(complaint({ value: 't', scheme })).toBe(
      'acme: the login brought no usable token (a bug in the provider?): scheme: expected an authentication scheme',
    );
  });

  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('is no token where the end is no instant: %j', (expiresAt) => {
    expect(complaint({ value: 't', expiresAt })).toContain('expiresAt: expected an instant');
  });

  it.each([
    undefined,
    null,
    'token',
    {},
    { value: 7 },
    { value: 't', expiresAt: 'never' },
    { value: 't', expiresAt: Number.NaN },
    { value: 't', extra: { csrf: 7 } },
    { value: 't', extra: 'x' },
    { value: 't', scheme: 7 },
  ])('is no token where a field is of another type: %j', (init) => {
    expect(complaint(init)).toContain('acme: the login brought no usable token (a bug in the provider?): ');
  });
});

describe('a token of a store', () => {
  const isOne = (token: object): boolean => v.safeParse(vendorTokenSchema, { value: 't', issuedAt: now, ...token }).success;

  it.each([{}, { issuedAt: 0 }, { expiresAt: 8.64e15 }, { expiresAt: now, assumedEnd: true }, { scheme: 'a', extra: { b: 'c' } }])(
    'is one: %j',
    (token) => {
      expect(isOne(token)).toBe(true);
    },
  );

  it.each([
    { value: 'a\r\nb' },
    { value: '' },
    { issuedAt: -1 },
    { issuedAt: undefined },
    { issuedAt: 8.64e15 + 1 },
    { expiresAt: -1 },
    { expiresAt: '1' },
    { expiresAt: Number.POSITIVE_INFINITY },
    { scheme: 'two words' },
    { extra: { b: 1 } },
    { assumedEnd: 'yes' },
  ])('is none where a field is not as a login brings it: %j', (token) => {
    expect(isOne(token)).toBe(false);
  });
});

describe('the token in use', () => {
  const make = (lifetime: number | undefined, refreshBefore: number | undefined, random = 0) => {
    const clock = { now: () => now, monotonic: () => 0 };
    const settings = resolveOptions({ clock, random: () => random, ...(refreshBefore === undefined ? {} : { refreshBefore }) }, 'stub');
    const account = createAccount(protocol, { baseUrl: 'https://api.example.com', origins: [] }, settings);
    return toCurrentToken({ value: 't', issuedAt: now, ...(lifetime === undefined ? {} : { expiresAt: now + lifetime }) }, account);
  };

  it.each([
    { lifetime: hour, refreshBefore: undefined, random: 0, window: hour / 10, why: 'a tenth of its life' },
    { lifetime: 30 * day, refreshBefore: undefined, random: 0, window: day, why: 'a day at most' },
    { lifetime: hour, refreshBefore: 60_000, random: 0, window: 60_000, why: 'what was asked for' },
    { lifetime: hour, refreshBefore: 0, random: 1, window: 0, why: 'never' },
    { lifetime: hour, refreshBefore: hour, random: 0, window: hour / 2, why: 'half its life instead of all of it' },
    { lifetime: hour, refreshBefore: hour - 1, random: 0, window: hour - 1, why: 'almost all of its life' },
    { lifetime: hour, refreshBefore: 60_000, random: 1, window: 72_000, why: 'a fifth earlier by jitter' },
    { lifetime: hour, refreshBefore: 60_000, random: 0.5, window: 66_000, why: 'a tenth earlier by half the jitter' },
    { lifetime: hour, refreshBefore: hour - 1_000, random: 1, window: hour - 500, why: 'jitter that leaves half of what is left' },
  ])('is refreshed $window ms before its end: $why', ({ lifetime, refreshBefore, random, window }) => {
    expect(make(lifetime, refreshBefore, random)).toMatchObject({ endsAt: now + lifetime, refreshAt: now + lifetime - window });
  });

  it('is neither refreshed nor over where it has no end', async () => {
    const current = make(undefined, undefined);
    expect(current).toMatchObject({ endsAt: Number.POSITIVE_INFINITY, refreshAt: Number.POSITIVE_INFINITY, assumedEnd: false });
    expect(await current.promise).toBe(current.token);
    expect('expiresAt' in current.token).toBe(false);
  });

  it('has its instants on the local clock, its end on the vendor’s', () => {
    const clock = { now: () => now, monotonic: () => 0 };
    const account = createAccount(
      protocol,
      { baseUrl: 'https://api.example.com', origins: [] },
      resolveOptions({ clock, random: () => 0 }, 'stub'),
    );
    account.vendorClock.reportAtLeast(now + hour);
    const stored = { value: 't', scheme: 's', extra: { a: 'b' }, issuedAt: now + hour, expiresAt: now + 2 * hour, assumedEnd: true };
    const { token, endsAt, assumedEnd } = toCurrentToken(stored, account);
    expect(token).toMatchObject({ value: 't', scheme: 's', extra: { a: 'b' }, issuedAt: now, expiresAt: now + hour });
    expect([endsAt, assumedEnd]).toEqual([now + 2 * hour, true]);
  });
});

describe('the headers that carry a token', () => {
  const token = createAccessToken({ value: 't', scheme: 's', extra: undefined, issuedAt: now, expiresAt: undefined });
  const made = (headers: unknown) => headersOf(token, { ...protocol, requestHeaders: () => headers as Record<string, string> });

  it('are Authorization where the protocol says nothing else', () => {
    const headers = headersOf(token, protocol);
    expect(headers).toEqual({ authorization: 's t' });
    expect(Object.isFrozen(headers)).toBe(true);
  });

  it('are those of the protocol by lower-case name, and nobody can change them', () => {
    const headers = made({ 'X-Auth-Token': 't', Cookie: 'a=b; c=d' });
    expect(headers).toEqual({ 'x-auth-token': 't', cookie: 'a=b; c=d' });
    expect(Object.isFrozen(headers)).toBe(true);
  });

  it.each([{}, undefined, null, []])('are CONFIG where the protocol makes none: %j', (headers) => {
    expect(() => made(headers)).toThrow(
      expect.objectContaining({
        code: 'CONFIG',
        provider: 'stub',
        message: 'stub: requestHeaders of the protocol: expected at least one header',
      }),
    );
  });

  it.each(['Connection', 'content-length', 'host', 'keep-alive', 'te', 'trailer', 'Transfer-Encoding', 'upgrade', '', 'a b', 'a:b', 'é'])(
    'are CONFIG where one is no header of the token’s, which is named: %j',
    (name) => {
      expect(() => made({ 'x-a': 'fine', [name]: 'x' })).toThrow(
        expect.objectContaining({
          code: 'CONFIG',
          message: `stub: requestHeaders of the protocol: cannot be sent: ${name.toLowerCase()}`,
        }),
      );
    },
  );

  it.each(['', 'q7Zx\r\n', ' q7Zx', 7, null, undefined, ['q7Zx']])(
    'are CONFIG where a value cannot be sent, which is not quoted: %j',
    (value) => {
      expect(() => made({ 'x-a': value, 'x-b': '\n', 'x-c': 'fine' })).toThrow(
        expect.objectContaining({
          code: 'CONFIG',
          message: 'stub: requestHeaders of the protocol: cannot be sent: x-a, x-b',
        }),
      );
    },
  );
});
