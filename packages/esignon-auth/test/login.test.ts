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
  return { status, header: () => undefined, text, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

const success = { header: { result_code: '00', result_msg: 'ok' }, body: { access_token: token, expire_date: '2099-12-22' } };

function failureOf(response: LoginResponse): unknown {
  try {
    judgeLogin(response, password, now);
  } catch (error) {
    return error;
  }
  throw new Error('this had to fail');
}

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

/** What a login sends to the vendor. */
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

describe('the request', () => {
  it("is the document's own example, byte for byte, with its white space taken out", async () => {
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

  it("is the Japanese document's example, but for its trailing commas, which are no JSON", async () => {
    const { body } = await received({ email: '{使用者 email}', password: '{使用者 password}' });
    const example = fixture('login-request.ja.txt');
    expect(() => JSON.parse(example)).toThrow(SyntaxError);
    expect(body).toBe(JSON.stringify(JSON.parse(example.replace(/,(?=\s*\})/g, ''))));
  });

  it('carries any e-mail address and any password unchanged', async () => {
    const { body } = await received({ email: 'no e-mail at all "\\', password });
    expect(JSON.parse(body)).toEqual({
      header: { request_code: '1001Q' },
      body: { memb_email: 'no e-mail at all "\\', memb_pwd: password },
    });
  });

  it.each(['ko', 'en', 'ja'] as const)('asks for the language where one is wanted: %s', async (language) => {
    expect((await received({ language })).url.search).toBe(`?lang=${language}`);
  });

  it('carries a client id where there is one', async () => {
    expect(JSON.parse((await received({ clientId: 'id-1' })).body)).toEqual({
      header: { request_code: '1001Q' },
      body: { memb_email: 'a@b.example', memb_pwd: 'p', client_id: 'id-1' },
    });
  });

  it.each(['', '/', '/v1', '/v1/', '/a%20b/v1'])('keeps the path prefix of the base URL: %j', async (prefix) => {
    const { url } = await received({}, prefix);
    expect(url.pathname).toBe(`${prefix.replace(/\/$/, '')}/api/company/login`);
  });

  it.each(['a/b', 'ä ö', '%2e%2e', '?x', '#', 'a..b', '...', ' ', '회사', 'a\\b', ';x', '/../..'])(
    'has the company as one segment of its path: %j',
    async (companyId) => {
      const { url } = await received({ companyId }, '/v1');
      const [, ...segments] = url.pathname.split('/');
      expect(segments.map((segment) => decodeURIComponent(segment))).toEqual(['v1', 'api', companyId, 'login']);
      expect(url.search).toBe('');
    },
  );
});

describe('an answer that says yes', () => {
  it.each(['ko', 'ja'])("is the document's own: %s", (language) => {
    const example = fixture(`login-answer.${language}.json`);
    const value = language === 'ko' ? '{인증토큰}' : '{accesstoken}';
    expect(judgeLogin(answer(example), password, now)).toEqual({ value, scheme: 'esignon', expiresAt: 'unknown' });
  });

  it('brings the token and its end', () => {
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
  ])('may hold %s', (_what, json) => {
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
  ])('is BAD_RESPONSE where it holds %s', (_what, json) => {
    const error = failureOf(answer(json));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', status: 200, retryable: false });
    expect(String(error)).not.toMatch(/T0KEN|7_?070/);
  });

  it.each([201, 204, 401, 403, 404])('is none where the HTTP status says no: %i', (status) => {
    const error = failureOf(answer(success, status));
    expect(error).toMatchObject({ code: 'VENDOR_ERROR', status, vendorCode: '00' });
    expect(String(error)).toContain(`HTTP ${status}`);
    expect(String(error)).not.toContain('not documented');
  });
});

/** What each code of the documents' tables is to a caller. */
const meanings: Readonly<Record<string, string>> = {
  '10': 'INVALID_CREDENTIALS',
  '12': 'VENDOR_ERROR',
  '95': 'NOT_ALLOWED',
  '99': 'VENDOR_ERROR',
};

describe('an answer that says no', () => {
  it('has a meaning for every row of the documents', () => {
    for (const language of ['ko', 'ja'] as const) {
      expect(documentedResults(language).map(([code]) => code)).toEqual(['00', ...Object.keys(meanings)]);
    }
  });

  it.each([...documentedResults('ko'), ...documentedResults('ja')].filter(([code]) => code !== '00'))(
    'says what the document says: %s %s',
    (code, message) => {
      const error = failureOf(
        answer({ header: { response_code: '1001A', result_code: code, result_msg: message, session_id: '' }, body: {} }),
      );
      expect(error).toMatchObject({ code: meanings[code], vendorCode: code, vendorMessage: message, status: 200, retryable: false });
      expect(String(error)).toContain(message);
    },
  );

  it.each(
    Object.entries(meanings).flatMap(([code, meaning]) =>
      (['ko', 'en', 'ja'] as const).map((language) => [code, meaning, language] as const),
    ),
  )('comes from the vendor as %s = %s, in %s', async (code, meaning, language) => {
    await using sandbox = await startEsignonSandbox();
    sandbox.fail({ result: code });
    const [{ companyId, email, password: secret }] = sandbox.accounts;
    const account = checkEsignonOptions({ companyId, email, password: secret, baseUrl: sandbox.url, language });
    const outcome = await login(account, { signal: new AbortController().signal, secret, attempt: 1, now: Date.now }).catch(
      (error: unknown) => error,
    );
    expect(outcome).toMatchObject({ code: meaning, vendorCode: code, status: 200, retryable: false });
    const scripts = { ko: /\p{Script=Hangul}/u, en: /^[\x20-\x7e]+$/, ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u };
    expect(isAuthError(outcome) && outcome.vendorMessage).toMatch(scripts[language]);
  });

  it.each(['11', '94', '', '0', '000', 'constructor', '__proto__', 'toString'])(
    'is a VENDOR_ERROR where its code is not documented: %j',
    (code) => {
      const error = failureOf(answer({ header: { result_code: code, result_msg: 'what' } }));
      expect(error).toMatchObject({ code: 'VENDOR_ERROR', vendorMessage: 'what', retryable: false });
      expect(String(error)).toContain('not documented');
    },
  );

  it('may spell its code as a number', () => {
    expect(failureOf(answer({ header: { result_code: 10 } }))).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorCode: '10' });
  });

  it('needs no words', () => {
    for (const result_msg of [undefined, null, '', 7, {}]) {
      const error = failureOf(answer({ header: { result_code: '10', result_msg } }));
      expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorCode: '10' });
      expect(isAuthError(error) && (error.vendorMessage ?? '')).toBe('');
    }
  });
});

describe('an HTTP status that says no', () => {
  it.each([
    [400, 'VENDOR_ERROR', false],
    [401, 'BAD_RESPONSE', false],
    [403, 'BAD_RESPONSE', false],
    [404, 'BAD_RESPONSE', false],
    [429, 'VENDOR_ERROR', true],
    [500, 'VENDOR_ERROR', true],
    [502, 'VENDOR_ERROR', true],
    [503, 'VENDOR_ERROR', true],
  ])('is told apart, whatever the body: %i = %s, worth another try: %s', (status, code, retryable) => {
    for (const body of ['', '<h1>Bad Gateway</h1>', '{}', 'null', '{"header":7}']) {
      expect(failureOf(answer(body, status))).toMatchObject({ code, status, retryable });
    }
  });

  it('brings the pause that the vendor asked for', () => {
    expect(failureOf(answer('', 429, 7_000))).toMatchObject({ status: 429, retryAfter: 7_000 });
  });

  it.each([400, 429, 500, 503])('brings the words of an envelope, if there is one: %i', (status) => {
    const error = failureOf(answer({ header: { result_code: '77', result_msg: 'what happened' } }, status));
    expect(error).toMatchObject({ code: 'VENDOR_ERROR', vendorCode: '77', vendorMessage: 'what happened' });
  });

  it.each([400, 401, 403, 429, 500, 503])('does not make refused credentials worth another try: %i', (status) => {
    const refused = (result_code: string): unknown => failureOf(answer({ header: { result_code, result_msg: 'no' } }, status));
    expect(refused('10')).toMatchObject({ code: 'INVALID_CREDENTIALS', status, retryable: false });
    expect(refused('95')).toMatchObject({ code: 'NOT_ALLOWED', status, retryable: false });
  });

  it.each([400, 401, 429, 500])('does not let a token into the error that came with it: %i', (status) => {
    const said = {
      header: { result_code: `0${token}0`, result_msg: `token ${encodeURIComponent(token)}, password ${password}` },
      body: { access_token: token },
    };
    const error = failureOf(answer(said, status));
    expect(JSON.stringify([error, String(error)])).not.toContain('T0KEN');
    expect(JSON.stringify([error, String(error)])).not.toContain('pä');
  });
});
