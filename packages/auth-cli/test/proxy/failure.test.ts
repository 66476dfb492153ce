import { AuthError, type AuthErrorCode } from '@x/auth-core';
import { expect, it } from 'vitest';

import { failureOf } from '../../src/proxy/failure.ts';

const authError = (code: AuthErrorCode, more: object = {}): AuthError =>
  new AuthError({ code, provider: 'acme', message: 'what went wrong', ...more });

it.each<[AuthErrorCode, number]>([
  ['INVALID_CREDENTIALS', 502],
  ['NOT_ALLOWED', 502],
  ['VENDOR_ERROR', 502],
  ['BAD_RESPONSE', 502],
  ['NETWORK', 502],
  ['TIMEOUT', 504],
  ['COOLING_DOWN', 503],
  ['CONFIG', 500],
])('a login that fails with %s is HTTP %i to the caller, with its code and message', (code, status) => {
  expect(failureOf(authError(code))).toEqual({ status, code, message: 'what went wrong' });
});

it('a pause is told as Retry-After, in whole seconds, where waiting helps', () => {
  expect(failureOf(authError('COOLING_DOWN', { retryable: true, retryAfter: 1_001 })).headers).toEqual({ 'retry-after': '2' });
  expect(failureOf(authError('COOLING_DOWN', { retryable: false, retryAfter: 30_000 })).headers).toBeUndefined();
  expect(failureOf(authError('REPLAY_IMPOSSIBLE')).headers).toEqual({ 'retry-after': '0' });
});

it.each([
  [Object.assign(new Error('secret'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 504, 'TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'],
  [Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 502, 'NETWORK', 'ECONNREFUSED'],
  [new Error('secret'), 502, 'NETWORK', 'unexpected error'],
  ['secret', 502, 'NETWORK', 'unexpected error'],
])('of what is no AuthError only the code is told: %s', (error, status, code, reason) => {
  const failure = failureOf(error);
  expect(failure).toMatchObject({ status, code, message: expect.stringContaining(reason) });
  expect(JSON.stringify(failure)).not.toContain('secret');
});
