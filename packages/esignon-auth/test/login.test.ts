import { isAuthError, type LoginContext } from '@x/auth-core';
import type { LoginResponse } from '@x/auth-core/provider';
import { type Handler, type ReceivedRequest, startFaultyServer } from '@x/auth-core/testing';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterEach, describe, expect, it } from 'vitest';

import { judgeLogin, login } from '../src/login.ts';
import { checkEsignonOptions, type EsignonOptions } from '../src/options.ts';
import { documentedResults, fixture } from './documents.ts';

const password = 'pä"s\\s</w>&\'o+r%d';
const now = Date.UTC(2026, 10, 1);
const token = 'T0KEN/x+y==';

function answer(json: unknown, status = 200, retryAfter?: number): LoginResponse {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return { status, header: () => undefined, cookie: () => undefined, text, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

const success = { header: { result_code: '00', result_msg: 'ok' }, body: { access_token: token, expire_date: '2099-12-22' } };

function failureOf(response: LoginResponse): unknown {
  try {
    judgeLogin(response, password, now);
  } catch (error) {
    return error;
  }
  throw new Error('it should have thrown');
}

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

/** The request that a login sends. */
async function received(options: Partial<EsignonOptions>, prefix = ''): Promise<ReceivedRequest> {
  let seen: ReceivedRequest | undefined;
  const handler: Handler = (request) => {
    seen = request;
    return { status: 200, json: success };
  };
  await using server = await startFaultyServer(handler);
  const account = { companyId: 'company', email: 'a@b.example', password: 'p', ...options, baseUrl: `${server.url}${prefix}` };
  const context: LoginContext = {
    signal: new AbortController().signal,
    attempt: 1,
    now: Date.now,
    ...(typeof account.password === 'string' ? { secret: account.password } : {}),
  };
  await login(checkEsignonOptions(account), context);
  if (seen === undefined) throw new Error('nothing was sent');
  return seen;
}

describe('the login request', () => {
  it('the login request is the example of the Korean document, byte for byte but for its white space', async () => {
    const { method, url, headers, body } = await received({
      companyId: '회사아이디',
      email: '{사용자 이메일}',
      password: '{사용자 비밀번호}',
    });
    expect(body).toBe(JSON.stringify(JSON.parse(fixture('login-request.ko.json'))));
    expect(method).toBe('POST');
    expect(headers['content-type']).toBe('application/json');
    expect(url.pathname + url.search).toBe(`/api/${encodeURIComponent('회사아이디')}/login`);
  });

  it('the login request is the example of the Japanese document without its trailing commas, which are not JSON', async () => {
    const { body } = await received({ email: '{使用者 email}', password: '{使用者 password}' });
    const example = fixture('login-request.ja.txt');
    expect(() => JSON.parse(example)).toThrow(SyntaxError);
    expect(body).toBe(JSON.stringify(JSON.parse(example.replace(/,(?=\s*\})/g, ''))));
  });

  it('any e-mail address and any password are sent unchanged', async () => {
    const { body } = await received({ email: 'no e-mail at all "\\', password });
    expect(JSON.parse(body)).toEqual({
      header: { request_code: '1001Q' },
      body: { memb_email: 'no e-mail at all "\\', memb_pwd: password },
    });
  });

  it.each(['ko', 'en', 'ja'] as const)('the option language becomes the parameter lang: %s', async (language) => {
    expect((await received({ language })).url.search).toBe(`?lang=${language}`);
  });

  it('the option clientId becomes client_id', async () => {
    expect(JSON.parse((await received({ clientId: 'id-1' })).body)).toEqual({
      header: { request_code: '1001Q' },
      body: { memb_email: 'a@b.example', memb_pwd: 'p', client_id: 'id-1' },
    });
  });

  it.each(['', '/', '/v1', '/v1/', '/a%20b/v1'])('the login keeps the path prefix of the base URL: %j', async (prefix) => {
    const { url } = await received({}, prefix);
    expect(url.pathname).toBe(`${prefix.replace(/\/$/, '')}/api/company/login`);
  });

  it.each(['a/b', 'ä ö', '%2e%2e', '?x', '#', 'a..b', '...', ' ', '회사', 'a\\b', ';x', '/../..'])(
    'the company id is one segment of the path, whatever it contains: %j',
    async (companyId) => {
      const { url } = await received({ companyId }, '/v1');
      const [, ...segments] = url.pathname.split('/');
      expect(segments.map((segment) => decodeURIComponent(segment))).toEqual(['v1', 'api', companyId, 'login']);
      expect(url.search).toBe('');
    },
  );
});

describe('a successful login', () => {
  it.each(['ko', 'ja'])("the document's example response brings its token: %s", (language) => {
    const example = fixture(`login-answer.${language}.json`);
    const value = language === 'ko' ? '{인증토큰}' : '{accesstoken}';
    expect(judgeLogin(answer(example), password, now)).toEqual({ value, scheme: 'esignon', expiresAt: 'unknown' });
  });

  it('a login brings the token and its end', () => {
    expect(judgeLogin(answer(success), password, now)).toEqual({
      value: token,
      scheme: 'esignon',
      expiresAt: Date.parse('2099-12-22T00:00:00+09:00'),
    });
  });

  it.each([
    ['nothing but what counts', { header: { result_code: '00' }, body: { access_token: token } }],
    [
      'more than is documented',
      { ...success, footer: 1, header: { result_code: '00', new: {} }, body: { access_token: token, roles: [] } },
    ],
    [
      'another response code',
      { header: { response_code: '9999X', result_code: '00', result_msg: 7 }, body: { access_token: token, comp_id: null } },
    ],
    ['an end of the wrong type', { header: { result_code: '00' }, body: { access_token: token, expire_date: { a: 1 } } }],
    ['an end that is null', { header: { result_code: '00', result_msg: null }, body: { access_token: token, expire_date: null } }],
  ])('a response with %s brings the token', (_what, json) => {
    expect(judgeLogin(answer(json), password, now)).toEqual({ value: token, scheme: 'esignon', expiresAt: 'unknown' });
  });

  it.each([
    ['no token', { header: { result_code: '00' }, body: {} }],
    ['an empty token', { header: { result_code: '00' }, body: { access_token: '' } }],
    ['a token that is no text', { header: { result_code: '00' }, body: { access_token: 7_070_707 } }],
    ['no body', { header: { result_code: '00' } }],
    ['a body that is null', { header: { result_code: '00' }, body: null }],
    ['no header', { body: { access_token: token } }],
    ['no result code', { header: {}, body: { access_token: token } }],
    ['a result code that is none', { header: { result_code: { code: '00' } }, body: { access_token: token } }],
    ['a list', [success]],
    ['a text', JSON.stringify(token)],
    ['a page', `<html>${token}</html>`],
    ['nothing', ''],
  ])('a response with %s is BAD_RESPONSE', (_what, json) => {
    const error = failureOf(answer(json));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: 200, retryable: false });
    expect(String(error)).not.toMatch(/T0KEN|7_?070/);
  });

  it.each([201, 204, 404])('result 00 with HTTP %i is not a success', (status) => {
    const error = failureOf(answer(success, status));
    expect(error).toMatchObject({ code: 'VENDOR_ERROR', vendorStatus: status, vendorCode: '00' });
    expect(String(error)).toContain(`returned status ${status}: `);
    expect(String(error)).not.toContain('not documented');
  });
});

/** The AuthError code for each documented result code. */
const meanings: Readonly<Record<string, string>> = {
  '10': 'INVALID_CREDENTIALS',
  '12': 'VENDOR_ERROR',
  '95': 'NOT_ALLOWED',
  '99': 'VENDOR_ERROR',
};

describe('a failed login', () => {
  it('every result code of the documents has an AuthError code', () => {
    for (const language of ['ko', 'ja'] as const) {
      expect(documentedResults(language).map(([code]) => code)).toEqual(['00', ...Object.keys(meanings)]);
    }
  });

  it.each([...documentedResults('ko'), ...documentedResults('ja')].filter(([code]) => code !== '00'))(
    'the error for result %s holds the documented message: %s',
    (code, message) => {
      const error = failureOf(
        answer({ header: { response_code: '1001A', result_code: code, result_msg: message, session_id: '' }, body: {} }),
      );
      expect(error).toMatchObject({ code: meanings[code], vendorCode: code, vendorMessage: message, vendorStatus: 200, retryable: false });
      expect(String(error)).toContain(message);
    },
  );

  it.each(
    Object.entries(meanings).flatMap(([code, meaning]) =>
      (['ko', 'en', 'ja'] as const).map((language) => [code, meaning, language] as const),
    ),
  )('result %s of the sandbox is %s, with the message in the requested language: %s', async (code, meaning, language) => {
    await using sandbox = await startEsignonSandbox();
    sandbox.fail({ result: code });
    const [{ companyId, email, password: secret }] = sandbox.accounts;
    const account = checkEsignonOptions({ companyId, email, password: secret, baseUrl: sandbox.url, language });
    const outcome = await login(account, { signal: new AbortController().signal, secret, attempt: 1, now: Date.now }).catch(
      (error: unknown) => error,
    );
    expect(outcome).toMatchObject({ code: meaning, vendorCode: code, vendorStatus: 200, retryable: false });
    const scripts = { ko: /\p{Script=Hangul}/u, en: /^[\x20-\x7e]+$/, ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u };
    expect(isAuthError(outcome) && outcome.vendorMessage).toMatch(scripts[language]);
  });

  it.each(['11', '94', '', '0', '000', 'constructor', '__proto__', 'toString'])(
    'a result code that is not documented is VENDOR_ERROR, and named: %j',
    (code) => {
      const error = failureOf(answer({ header: { result_code: code, result_msg: 'what' } }));
      expect(error).toMatchObject({ code: 'VENDOR_ERROR', vendorMessage: 'what', retryable: false });
      expect(String(error)).toContain('not documented');
    },
  );

  it('a result code may be a number', () => {
    expect(failureOf(answer({ header: { result_code: 10 } }))).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorCode: '10' });
  });

  it('a failure without a message has no vendorMessage', () => {
    for (const result_msg of [undefined, null, '', 7, {}]) {
      const error = failureOf(answer({ header: { result_code: '10', result_msg } }));
      expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorCode: '10' });
      expect(isAuthError(error) && (error.vendorMessage ?? '')).toBe('');
    }
  });
});

describe('the HTTP status of a login', () => {
  it.each([
    [400, 'VENDOR_ERROR', false],
    [401, 'INVALID_CREDENTIALS', false],
    [403, 'NOT_ALLOWED', false],
    [423, 'NOT_ALLOWED', false],
    [404, 'BAD_RESPONSE', false],
    [429, 'VENDOR_ERROR', true],
    [500, 'VENDOR_ERROR', true],
    [502, 'VENDOR_ERROR', true],
    [503, 'VENDOR_ERROR', true],
  ])('HTTP %i is %s, whatever the body; retryable: %s', (status, code, retryable) => {
    for (const body of ['', '<h1>Bad Gateway</h1>', '{}', 'null', '{"header":7}']) {
      expect(failureOf(answer(body, status))).toMatchObject({ code, vendorStatus: status, retryable });
    }
  });

  it('a Retry-After header becomes retryAfter of the error', () => {
    expect(failureOf(answer('', 429, 7_000))).toMatchObject({ vendorStatus: 429, retryAfter: 7_000 });
  });

  it.each([400, 429, 500, 503])('an error with HTTP %i holds the code and message of the envelope', (status) => {
    const error = failureOf(answer({ header: { result_code: '77', result_msg: 'what happened' } }, status));
    expect(error).toMatchObject({ code: 'VENDOR_ERROR', vendorCode: '77', vendorMessage: 'what happened' });
  });

  it.each([
    [401, 'INVALID_CREDENTIALS'],
    [403, 'NOT_ALLOWED'],
    [423, 'NOT_ALLOWED'],
  ])('HTTP %i is %s, whatever result the body has, which the error holds', (status, code) => {
    for (const vendorCode of ['00', '10', '12', '95', '99', '42']) {
      const error = failureOf(answer({ ...success, header: { result_code: vendorCode, result_msg: 'why' } }, status));
      expect(error).toMatchObject({ code, vendorStatus: status, vendorCode, vendorMessage: 'why', retryable: false });
      expect(String(error)).toContain(`returned status ${status}: `);
    }
  });

  it.each([400, 404, 429, 500, 503])('refused credentials are not retryable, even with HTTP %i', (status) => {
    const refused = (result_code: string): unknown => failureOf(answer({ header: { result_code, result_msg: 'no' } }, status));
    expect(refused('10')).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorStatus: status, retryable: false });
    expect(refused('95')).toMatchObject({ code: 'NOT_ALLOWED', vendorStatus: status, retryable: false });
  });

  it.each([400, 401, 429, 500])('a token in a failed response with HTTP %i does not appear in the error', (status) => {
    const said = {
      header: { result_code: `0${token}0`, result_msg: `token ${encodeURIComponent(token)}, password ${password}` },
      body: { access_token: token },
    };
    const error = failureOf(answer(said, status));
    expect(JSON.stringify([error, String(error)])).not.toContain('T0KEN');
    expect(JSON.stringify([error, String(error)])).not.toContain('pä');
  });
});
