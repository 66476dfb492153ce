import { inspect } from 'node:util';

import type { AccessToken } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { describe, expect, it } from 'vitest';

import { stubVendor } from './stub-vendor.ts';

function providerWith(requestHeaders?: (token: AccessToken) => Record<string, string>) {
  const { protocol } = stubVendor({
    now: () => Date.now(),
    otherwise: (issue) => ({ ...issue(), scheme: 'acme', extra: { csrf: 'c5rf' } }),
  });
  return createTokenProvider(requestHeaders === undefined ? protocol : { ...protocol, requestHeaders });
}

describe('the headers that carry a token', () => {
  it('are Authorization with the scheme where the protocol says nothing else', async () => {
    const provider = providerWith();
    expect(provider.requestHeaders(await provider.getToken())).toEqual({ authorization: 'acme token-1' });
  });

  it('are those that the protocol makes of the token and what came with it, by lower-case name, asked for once a token', async () => {
    let asked = 0;
    const provider = providerWith(({ value, extra }) => {
      asked += 1;
      return { 'X-Auth-Token': value, 'X-CSRF': extra?.['csrf'] ?? '' };
    });
    const token = await provider.getToken();
    const headers = provider.requestHeaders(token);
    expect(headers).toEqual({ 'x-auth-token': 'token-1', 'x-csrf': 'c5rf' });
    expect(provider.requestHeaders(token)).toBe(headers);
    expect([asked, Object.isFrozen(headers)]).toEqual([1, true]);
  });

  it.each([
    ['none', {}],
    ['a name that no header can have', { 'x y': 'a' }],
    ['an empty value', { 'x-token': '' }],
    ['a value with a line break', { 'x-token': 's3cret\r\nx: y' }],
    ['one that is no text', { 'x-token': 7 }],
    ['one that says how the request travels', { Host: 's3cret' }],
    ['one that frames the body', { 'Transfer-Encoding': 's3cret' }],
  ])('are a CONFIG error of the protocol where it makes %s, which quotes no value', async (_what, headers) => {
    const provider = providerWith(() => headers as Record<string, string>);
    const token = await provider.getToken();
    const says = expect.objectContaining({ code: 'CONFIG', message: expect.not.stringContaining('s3cret') });
    expect(() => provider.requestHeaders(token)).toThrow(says);
  });
});

describe('what came with a token', () => {
  it('is as hidden as the token itself', async () => {
    const token = await providerWith().getToken();
    expect(token.extra).toEqual({ csrf: 'c5rf' });
    expect(Object.isFrozen(token.extra)).toBe(true);
    expect(JSON.stringify(token) + inspect(token, { showHidden: true, depth: 9 })).not.toContain('c5rf');
  });
});
