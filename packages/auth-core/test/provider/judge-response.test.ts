import { assertNoSecrets } from '@x/auth-core/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { isAuthError } from '../../src/auth-error.ts';
import type { LoginResponse } from '../../src/provider/send-login-request.ts';
import { isTransientStatus, parseLoginResponse, vendorError } from '../../src/provider/judge-response.ts';

const secret = 'q7Zx"</&%';

function answer(json: unknown, status = 200): LoginResponse {
  return { status, header: () => undefined, cookie: () => undefined, text: typeof json === 'string' ? json : JSON.stringify(json) };
}

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it should have thrown');
}

const schema = v.object({
  header: v.object({ code: v.picklist(['00']) }),
  tokens: v.array(v.object({ value: v.pipe(v.string(), v.minLength(99)) })),
  end: v.union([v.number(), v.object({ at: v.number() })]),
});

describe('parseLoginResponse', () => {
  it('parseLoginResponse returns the output of the schema', () => {
    const parsed = parseLoginResponse(v.object({ a: v.pipe(v.string(), v.transform(Number)) }), answer({ a: '7', b: 1 }), 'acme');
    expect(parsed).toEqual({ a: 7 });
  });

  it('BAD_RESPONSE names every wrong field and what was expected', () => {
    const wrong = { header: { code: secret }, tokens: [{ value: secret }, { value: 1 }, secret], end: { at: secret } };
    const error = failureOf(() => parseLoginResponse(schema, answer(wrong, 201), 'acme'));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', provider: 'acme', vendorStatus: 201, retryable: false });
    expect(String(error)).toContain('header.code: expected "00"');
    expect(String(error)).toContain('tokens.0.value: expected >=99');
    expect(String(error)).toContain('tokens.1.value: expected string');
    expect(String(error)).toContain('tokens.2: expected Object');
    expect(String(error)).toContain('end');
    assertNoSecrets(error, [secret, 'q7Zx']);
  });

  it.each([{}, [], 'null', '7', '"q7Zx"', { header: secret }, { header: { code: [secret] }, tokens: { 0: secret }, end: [secret] }])(
    'BAD_RESPONSE quotes nothing of the response: %#',
    (json) => {
      const error = failureOf(() => parseLoginResponse(schema, answer(json), 'acme'));
      expect(isAuthError(error) && error.code).toBe('BAD_RESPONSE');
      assertNoSecrets(error, [secret, 'q7Zx']);
    },
  );

  it.each(['', 'q7Zx', '<html>q7Zx</html>', '{"a":q7Zx}', '{"header":{"code":"q7Zx', '\u0000q7Zx'])(
    'a response that is not JSON is BAD_RESPONSE, and not quoted: %j',
    (text) => {
      const error = failureOf(() => parseLoginResponse(schema, answer(text), 'acme'));
      expect(String(error)).toContain('not JSON: check baseUrl');
      expect(error).not.toHaveProperty('cause');
      assertNoSecrets(error, ['q7Zx']);
    },
  );
});

describe('the advice of parseLoginResponse', () => {
  const adviceFor = (status: number, request?: string): string =>
    String(failureOf(() => parseLoginResponse(schema, { ...answer({}, status), ...(request === undefined ? {} : { request }) }, 'acme')));

  it.each([200, 201, 202, 299])('JSON of any success that is not as documented is not blamed on baseUrl: %i', (status) => {
    expect(adviceFor(status)).not.toContain('baseUrl');
  });

  it.each([199, 300, 404, 500])('JSON of a failure that is not as documented may come from a wrong baseUrl: %i', (status) => {
    expect(adviceFor(status)).toContain('(check baseUrl)');
  });

  it('BAD_RESPONSE names the request where the response knows it', () => {
    expect(adviceFor(404, 'POST https://acme.example/login')).toContain('acme: POST https://acme.example/login returned HTTP 404, ');
    expect(adviceFor(404)).toContain('acme: the login returned HTTP 404, ');
  });
});

describe('vendorError', () => {
  const init = { provider: 'acme', message: 'it said no', secrets: [secret] };

  it("vendorError has the vendor's code and words, the status and the pause", () => {
    const said = { vendorCode: '10', vendorMessage: 'no,\n that is wrong' };
    const error = vendorError({ ...answer('', 401), retryAfter: 4_001 }, { ...init, code: 'INVALID_CREDENTIALS', ...said });
    expect(error).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      vendorStatus: 401,
      retryAfter: 4_001,
      retryable: false,
      vendorCode: '10',
      vendorMessage: 'no, that is wrong',
      message:
        'acme: the login returned status 401: it said no (vendor code 10); the vendor asks for a pause of 5 s; the vendor says: no, that is wrong',
    });
  });

  it.each([
    ['the words', { vendorCode: '10', vendorMessage: `no, ${encodeURIComponent(secret)} is wrong` }, ' (vendor code 10)'],
    ['the code', { vendorCode: `1${secret}0` }, ''],
  ])("vendorError leaves %s of the vendor's out whole where they repeat a secret, and says so", (_what, said, code) => {
    const error = vendorError(answer('', 401), { ...init, code: 'INVALID_CREDENTIALS', ...said });
    expect(error.message).toBe(
      `acme: the login returned status 401: it said no${code}; the vendor's own words are left out: they repeat a secret`,
    );
    expect(error.vendorMessage).toBeUndefined();
    assertNoSecrets(error, [secret]);
  });

  it('vendorError hides no word of our own and no documented code, whatever the password is', () => {
    for (const password of ['password', '401', '1', 'it said']) {
      const said = { vendorCode: '401', documentedCodes: ['401'], message: 'check e-mail and password: it said 401' };
      const error = vendorError(answer('', 401), { ...init, code: 'INVALID_CREDENTIALS', ...said, secrets: [password] });
      expect([error.message, error.vendorCode]).toEqual([
        'acme: the login returned status 401: check e-mail and password: it said 401 (vendor code 401)',
        '401',
      ]);
    }
  });

  it.each([undefined, '', ' \n '])('an empty vendor message is not quoted: %j', (vendorMessage) => {
    expect(vendorError(answer(''), { ...init, code: 'NOT_ALLOWED', vendorMessage }).message).toBe(
      'acme: the login returned status 200: it said no',
    );
  });

  it('vendorError has no fields beyond those that were given', () => {
    const error = vendorError(answer(''), { ...init, code: 'NOT_ALLOWED' });
    expect(Object.keys(error).toSorted()).toEqual(['code', 'provider', 'retryable', 'vendorStatus']);
  });

  it.each([
    [429, true],
    [500, true],
    [599, true],
    [428, false],
    [499, false],
    [200, false],
  ])('VENDOR_ERROR with HTTP %i is retryable: %s', (status, transient) => {
    expect(isTransientStatus(status)).toBe(transient);
    expect(vendorError(answer('', status), { ...init, code: 'VENDOR_ERROR' }).retryable).toBe(transient);
    expect(vendorError(answer('', status), { ...init, code: 'INVALID_CREDENTIALS' }).retryable).toBe(false);
  });
});
