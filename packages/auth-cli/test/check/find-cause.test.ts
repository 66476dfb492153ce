import { AuthError, type AuthErrorCode } from '@x/auth-core';
import type { ShellAdvice, ShellSupport } from '@x/auth-core/provider';
import { shellSupport as esignon } from '@x/esignon-auth/cli';
import { describe, expect, it } from 'vitest';

import { adviceForCall, adviceForLogin, causeOfCode } from '../../src/check/find-cause.ts';
import type { SeenAnswer } from '../../src/check/observe.ts';

it.each([
  ['ENOTFOUND', 'host-unknown'],
  ['EAI_AGAIN', 'host-unknown'],
  ['ECONNREFUSED', 'nothing-listens'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'not-tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-name'],
  ['CERT_HAS_EXPIRED', 'certificate-time'],
  ['CERT_NOT_YET_VALID', 'certificate-time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no-answer'],
  ['ECONNRESET', 'connection-broken'],
])('%s is the cause %s', (code, cause) => {
  expect(causeOfCode(Object.assign(new Error('no'), { code }))).toBe(cause);
});

it('the end of a time limit is the cause no-answer', () => {
  expect(causeOfCode(new DOMException('too late', 'TimeoutError'))).toBe('no-answer');
});

const seen = (status: number, kind: SeenAnswer['kind'] = 'JSON'): SeenAnswer => ({ status, kind, date: Number.NaN });
const own: ShellAdvice = { cause: 'own', means: { en: 'own' }, todo: { en: 'own' } };
const vendor: ShellSupport = { ...esignon, explain: () => undefined };
const knowing: ShellSupport = { ...esignon, explain: () => own };

describe('a login that failed', () => {
  const adviceOf = (
    code: AuthErrorCode,
    answer?: SeenAnswer,
    more: { vendorStatus?: number; password?: string; by?: ShellSupport } = {},
  ) => {
    const { password = 'p', by = vendor, ...others } = more;
    return adviceForLogin(new AuthError({ code, provider: 'acme', message: 'no', ...others }), { vendor: by, seen: answer, password });
  };

  it.each([
    ['INVALID_CREDENTIALS', undefined, 'credentials-refused', 1],
    ['NOT_ALLOWED', seen(403), 'api-not-allowed', 1],
    ['NOT_ALLOWED', seen(403, 'HTML'), 'address-not-allowed', 1],
    ['NOT_ALLOWED', undefined, 'api-not-allowed', 1],
    ['VENDOR_ERROR', seen(503), 'vendor-failed', 3],
    ['VENDOR_ERROR', seen(503, 'HTML'), 'vendor-failed', 3],
    ['VENDOR_ERROR', undefined, 'vendor-failed', 3],
    ['BAD_RESPONSE', seen(200), 'unexpected-answer', 3],
    ['BAD_RESPONSE', seen(302, 'other'), 'wrong-path', 3],
    ['BAD_RESPONSE', seen(405), 'wrong-path', 3],
    ['BAD_RESPONSE', seen(200, 'HTML'), 'wrong-path', 3],
    ['BAD_RESPONSE', undefined, 'unexpected-answer', 3],
    ['TIMEOUT', undefined, 'no-answer', 3],
    ['ABORTED', undefined, 'no-answer', 3],
    ['NETWORK', undefined, 'connection-broken', 3],
    ['COOLING_DOWN', undefined, 'pausing', 1],
    ['CONFIG', undefined, 'options', 2],
    ['STORE', undefined, 'options', 2],
  ] as const)('with %s after %j has the cause %s and the status %i', (code, answer, cause, status) => {
    expect(adviceOf(code, answer)).toMatchObject({ cause, status });
  });

  it('with a code that only a newer core has is an answer that nobody expected', () => {
    // What a newer core has cannot be in this one's type.
    expect(adviceOf('OF_A_NEWER_CORE' as AuthErrorCode)).toMatchObject({ cause: 'unexpected-answer', status: 3 });
  });

  it('is explained in the words of the vendor where it knows better, and ends with the same status', () => {
    expect(adviceOf('INVALID_CREDENTIALS', undefined, { by: knowing })).toEqual({ ...own, status: 1 });
    expect(adviceOf('VENDOR_ERROR', undefined, { by: knowing })).toEqual({ ...own, status: 3 });
    expect(adviceOf('TIMEOUT', undefined, { by: knowing }).cause).toBe('no-answer');
  });
});

describe('a first call that failed', () => {
  it.each([
    [seen(403), false, 'api-not-allowed'],
    [seen(403, 'text'), false, 'address-not-allowed'],
    [seen(404), false, 'wrong-path'],
    [seen(500), false, 'vendor-failed'],
    [seen(400), false, 'call-failed'],
    [seen(401), true, 'token-rejected'],
  ])('with %j, the token rejected: %j, has the cause %s', (answer, isRejection, cause) => {
    expect(adviceForCall({ vendor, seen: answer, text: '', isRejection }).cause).toBe(cause);
  });
});
