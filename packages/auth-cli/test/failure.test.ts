import { expect, it } from 'vitest';

import { AuthError } from '@x/auth-core';

import { failureOf } from '../src/failure.ts';
import { UsageError } from '../src/usage-error.ts';

it('an error that is not ours is status 70, and is told by where it came from, without its words', () => {
  const { status, message, code } = failureOf(new TypeError('the password is p4ss'));
  expect({ status, code }).toEqual({ status: 70, code: 'DEFECT' });
  expect(message).toMatch(/^a defect of this package; please report it: TypeError\n\s+at .*failure\.test\.ts/);
  expect(message).not.toContain('p4ss');
  expect(failureOf('p4ss').message).not.toContain('p4ss');
});

it.each([
  ['CONFIG', 2],
  ['STORE', 2],
  ['INVALID_CREDENTIALS', 1],
  ['NOT_ALLOWED', 1],
  ['VENDOR_ERROR', 3],
  ['NETWORK', 3],
] as const)('%s is status %i', (code, status) => {
  expect(failureOf(new AuthError({ code, provider: 'acme', message: 'no' }))).toMatchObject({ status, code, message: 'no' });
});

it('a pause has the status of what caused it, and is a refusal where nobody knows that', () => {
  const pause = { code: 'COOLING_DOWN', provider: 'acme', message: 'no' } as const;
  expect(failureOf(new AuthError({ ...pause, reason: 'VENDOR_ERROR' })).status).toBe(3);
  expect(failureOf(new AuthError({ ...pause, reason: 'INVALID_CREDENTIALS' })).status).toBe(1);
  expect(failureOf(new AuthError(pause)).status).toBe(1);
});

it('wrong usage is status 2 in its own words', () => {
  expect(failureOf(new UsageError('no such option'))).toEqual({ status: 2, code: 'USAGE', message: 'no such option' });
});
