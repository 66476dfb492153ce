import { assertNoSecrets } from '@x/auth-core/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { isAuthError } from '../../src/auth-error.ts';
import type { LoginResponse } from '../../src/provider/send-login-request.ts';
import { isTransientStatus, parseLoginResponse, vendorError } from '../../src/provider/judge-response.ts';

const secret = 'q7Zx"</&%';

function answer(json: unknown, status = 200): LoginResponse {
  return { status, header: () => undefined, text: typeof json === 'string' ? json : JSON.stringify(json) };
}

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('this had to fail');
}

const schema = v.object({
  header: v.object({ code: v.picklist(['00']) }),
  tokens: v.array(v.object({ value: v.pipe(v.string(), v.minLength(99)) })),
  end: v.union([v.number(), v.object({ at: v.number() })]),
});

describe('the judging of an answer', () => {
  it('brings what the schema makes of it', () => {
    const parsed = parseLoginResponse(v.object({ a: v.pipe(v.string(), v.transform(Number)) }), answer({ a: '7', b: 1 }), 'acme');
    expect(parsed).toEqual({ a: 7 });
  });

  it('names every field that is wrong, however deep, and what was expected', () => {
    const wrong = { header: { code: secret }, tokens: [{ value: secret }, { value: 1 }, secret], end: { at: secret } };
    const error = failureOf(() => parseLoginResponse(schema, answer(wrong, 201), 'acme'));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', provider: 'acme', status: 201, retryable: false });
    expect(String(error)).toContain('header.code: expected "00"');
    expect(String(error)).toContain('tokens.0.value: expected >=99');
    expect(String(error)).toContain('tokens.1.value: expected string');
    expect(String(error)).toContain('tokens.2: expected Object');
    expect(String(error)).toContain('end');
    assertNoSecrets(error, [secret, 'q7Zx']);
  });

  it.each([{}, [], 'null', '7', '"q7Zx"', { header: secret }, { header: { code: [secret] }, tokens: { 0: secret }, end: [secret] }])(
    'quotes nothing of an answer of another shape: %#',
    (json) => {
      const error = failureOf(() => parseLoginResponse(schema, answer(json), 'acme'));
      expect(isAuthError(error) && error.code).toBe('BAD_RESPONSE');
      assertNoSecrets(error, [secret, 'q7Zx']);
    },
  );

  it.each(['', 'q7Zx', '<html>q7Zx</html>', '{"a":q7Zx}', '{"header":{"code":"q7Zx', '\u0000q7Zx'])(
    'says that it is no JSON, and not what it is: %j',
    (text) => {
      const error = failureOf(() => parseLoginResponse(schema, answer(text), 'acme'));
      expect(String(error)).toContain('not JSON: check baseUrl');
      expect(error).not.toHaveProperty('cause');
      assertNoSecrets(error, ['q7Zx']);
    },
  );
});

describe("a vendor's refusal", () => {
  const init = { provider: 'acme', message: 'it said no', secrets: [secret] };

  it('has what the vendor said, scrubbed, and what it means', () => {
    const said = `no,\n${secret} and ${encodeURIComponent(secret)} are wrong`;
    const error = vendorError(
      { ...answer('', 401), retryAfter: 4_001 },
      { ...init, code: 'INVALID_CREDENTIALS', vendorCode: `1${secret}0`, vendorMessage: said },
    );
    expect(error).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      status: 401,
      retryAfter: 4_001,
      retryable: false,
      vendorCode: '1[hidden]0',
      vendorMessage: 'no, [hidden] and [hidden] are wrong',
      message: 'acme: it said no; the vendor asks for a pause of 5 s; the vendor says: no, [hidden] and [hidden] are wrong',
    });
    assertNoSecrets(error, [secret]);
  });

  it.each([undefined, '', ' \n '])('quotes nothing where nothing was said: %j', (vendorMessage) => {
    expect(vendorError(answer(''), { ...init, code: 'NOT_ALLOWED', vendorMessage }).message).toBe('acme: it said no');
  });

  it('has no field that the vendor did not fill', () => {
    const error = vendorError(answer(''), { ...init, code: 'NOT_ALLOWED' });
    expect(Object.keys(error).toSorted()).toEqual(['code', 'provider', 'retryable', 'status']);
  });

  it.each([
    [429, true],
    [500, true],
    [599, true],
    [428, false],
    [499, false],
    [200, false],
  ])('with HTTP %i is worth another try: %s', (status, transient) => {
    expect(isTransientStatus(status)).toBe(transient);
    expect(vendorError(answer('', status), { ...init, code: 'VENDOR_ERROR' }).retryable).toBe(transient);
    expect(vendorError(answer('', status), { ...init, code: 'INVALID_CREDENTIALS' }).retryable).toBe(false);
  });
});
