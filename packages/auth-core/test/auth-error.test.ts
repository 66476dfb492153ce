import { inspect } from 'node:util';

import { describe, expect, it, vi } from 'vitest';

import { AuthError, type AuthErrorInit, isAuthError } from '../src/index.ts';

const whole: Required<AuthErrorInit> = {
  code: 'COOLING_DOWN',
  provider: 'acme',
  message: 'acme: try again later',
  retryable: true,
  vendorCode: '10',
  vendorMessage: 'not right',
  vendorStatus: 200,
  retryAfter: 30_000,
  attempts: 2,
  reason: 'INVALID_CREDENTIALS',
  cause: new Error('why'),
};

describe('an AuthError', () => {
  it('an AuthError is an Error with a name of its own and all that it was made of', () => {
    const error = new AuthError(whole);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject(whole);
    expect(error.name).toBe('AuthError');
    expect(String(error)).toBe('AuthError: acme: try again later');
    expect(error.stack).toMatch(/^AuthError: acme: try again later\n {4}at /);
  });

  it('an AuthError is not retryable unless it says so, and has no field that was not given', () => {
    const error = new AuthError({ code: 'CONFIG', provider: 'acme', message: 'm', vendorCode: undefined, cause: undefined });
    expect(Object.keys(error).toSorted()).toEqual(['code', 'provider', 'retryable']);
    expect(error.retryable).toBe(false);
    expect('cause' in error).toBe(false);
  });

  it('an AuthError becomes JSON with its message and its fields, without stack and cause', () => {
    const { cause: _, ...fields } = whole;
    expect(JSON.parse(JSON.stringify(new AuthError(whole)))).toEqual({ name: 'AuthError', ...fields });
  });

  it('an AuthError prints with its fields and its cause, and without what only the brand needs', () => {
    const text = inspect(new AuthError(whole));
    expect(text).toContain("vendorCode: '10'");
    expect(text).toContain('[cause]: Error: why');
    expect(text).not.toContain('Symbol(');
  });
});

describe('isAuthError', () => {
  it('isAuthError recognises an AuthError across duplicate installs, both ways', async () => {
    vi.resetModules();
    const copy = await import('../src/auth-error.ts');
    const init: AuthErrorInit = { code: 'NETWORK', provider: 'acme', message: 'm' };
    expect(copy.AuthError).not.toBe(AuthError);
    expect(new copy.AuthError(init)).not.toBeInstanceOf(AuthError);
    expect(isAuthError(new copy.AuthError(init))).toBe(true);
    expect(copy.isAuthError(new AuthError(init))).toBe(true);
  });

  it('isAuthError recognises nothing else', () => {
    const impostor = { name: 'AuthError', code: 'NETWORK', provider: 'acme', retryable: true, message: 'm' };
    for (const value of [impostor, new Error('x'), null, undefined, 'AuthError', 7, () => 0, AuthError, Symbol('x')]) {
      expect(isAuthError(value)).toBe(false);
    }
  });

  it('isAuthError recognises classes that extend AuthError', () => {
    class AcmeError extends AuthError {}
    expect(isAuthError(new AcmeError({ code: 'NETWORK', provider: 'acme', message: 'm' }))).toBe(true);
  });
});
