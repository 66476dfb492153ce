import { readFileSync } from 'node:fs';

import { type LoginContext, isAuthError } from '@x/auth-core';
import type { LoginResponse } from '@x/auth-core/provider';
import { type ReceivedRequest, startFaultyServer } from '@x/auth-core/testing';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { describe, expect, it } from 'vitest';

import { judgeLogin, login } from '../src/login.ts';
import { checkDatacomsysOptions, type DatacomsysOptions } from '../src/options.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const password = 'pä"s\\s</w>&\'o+r%d';
const token = 'T0KEN/x+y==';
const success = { status: 200, msg: 'Authentification OK', data: { token } };

function answer(json: unknown, status = 200, retryAfter?: number): LoginResponse {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return { status, header: () => undefined, cookie: () => undefined, text, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function failureOf(response: LoginResponse): unknown {
  try {
    judgeLogin(response, password);
  } catch (error) {
    return error;
  }
  throw new Error('it should have thrown');
}

const contextOf = (secret: string): LoginContext => ({ signal: new AbortController().signal, secret, attempt: 1, now: Date.now });

/** The request that a login sends. */
async function received(options: Partial<DatacomsysOptions>, secret = 'p', prefix = ''): Promise<ReceivedRequest> {
  let seen: ReceivedRequest | undefined;
  await using server = await startFaultyServer((request) => {
    seen = request;
    return { status: 200, json: success };
  });
  const account = { codePort: 'MTP', idERP: 15, password: secret, ...options, baseUrl: `${server.url}${prefix}` };
  await login(checkDatacomsysOptions(account), contextOf(secret));
  if (seen === undefined) throw new Error('nothing was sent');
  return seen;
}

describe('the login request', () => {
  it('the login request is the example of the document, byte for byte but for its white space', async () => {
    const { method, url, headers, body } = await received({ codePort: 'XXX', idERP: 15 }, 'FourniParDataComSys');
    expect(body).toBe(JSON.stringify(JSON.parse(fixture('login-request.fr.json'))));
    expect(`${method} ${url.pathname}${url.search}`).toBe('POST /Auth/Login');
    expect(headers['content-type']).toBe('application/json');
    expect(headers.authorization).toBeUndefined();
  });

  it('any password is sent unchanged', async () => {
    expect(JSON.parse((await received({ codePort: 'É漢🔑', idERP: -1 }, password)).body)).toEqual({
      codePort: 'É漢🔑',
      idERP: -1,
      password,
    });
  });

  it.each(['', '/', '/logapass', '/logapass/', '/a%20b/v1/'])('the login keeps the path prefix of the base URL: %j', async (prefix) => {
    expect((await received({}, 'p', prefix)).url.pathname).toBe(`${prefix.replace(/\/$/, '')}/Auth/Login`);
  });
});

describe('a successful login', () => {
  it("the document's example response brings a token without an end and without a scheme", () => {
    expect(judgeLogin(answer(fixture('login-answer.fr.json')), password)).toEqual({ value: 'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX' });
  });

  it.each([
    ['nothing but the token', { data: { token } }],
    ['the spelling of the table', { statuts: 200, msg: 'ok', data: { token } }],
    ['the spelling of three pages', { code: 200, msg: 'ok', data: { token } }],
    ['an empty code', { code: '', data: { token, code: 401 } }],
    ['an empty status beside a code', { status: '', code: 200, data: { token, status: 500 } }],
    ['its status as a text', { status: '200', data: { token } }],
    ['both spellings', { status: 200, statuts: '200', data: { token } }],
    ['more than is documented', { ...success, msg: 7, data: { token, port: {} }, extra: [] }],
    ['no words', { status: 200, msg: null, data: { token } }],
  ])('a response with %s brings the token', (_what, json) => {
    expect(judgeLogin(answer(json), password)).toEqual({ value: token });
  });

  it.each([
    ['no token', { status: 200, data: {} }],
    ['an empty token', { status: 200, data: { token: '' } }],
    ['a token that is no text', { status: 200, data: { token: 7_070_707 } }],
    ['no data', { status: 200, msg: 'Authentification OK' }],
    ['data that is null', { status: 200, data: null }],
    ['a status that is none', { status: token, data: { token } }],
    ['a status of another type', { status: { code: 200 }, data: { token } }],
    ['a list', [success]],
    ['a text', JSON.stringify(token)],
    ['a page', `<html>${token}</html>`],
    ['nothing', ''],
  ])('a response with %s is BAD_RESPONSE', (_what, json) => {
    const error = failureOf(answer(json));
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', vendorStatus: 200, retryable: false });
    expect(String(error)).not.toMatch(/T0KEN|7_?070/);
  });
});

describe('a failed login', () => {
  it.each([
    ['Code 401', 401, 'Authenfication failed', 'INVALID_CREDENTIALS', false],
    ['Code 500', 500, 'Erreur interne au WebService.', 'VENDOR_ERROR', true],
  ])('a documented failure has its AuthError code and message: %s', async (row, status, message, code, retryable) => {
    expect(fixture('login-errors.fr.txt')).toContain(row);
    expect(fixture('login-errors.fr.txt')).toContain(message);
    await using sandbox = await startDatacomsysSandbox();
    sandbox.fail({ status });
    const [{ codePort, idERP, password: secret }] = sandbox.accounts;
    const account = checkDatacomsysOptions({ codePort, idERP, password: secret, baseUrl: sandbox.url });
    const error = await login(account, contextOf('what one knows')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, vendorStatus: status, retryable, vendorCode: String(status), vendorMessage: message });
    expect(String(error)).toContain(message);
  });

  it.each([
    [400, 'VENDOR_ERROR', false],
    [401, 'INVALID_CREDENTIALS', false],
    [403, 'NOT_ALLOWED', false],
    [404, 'VENDOR_ERROR', false],
    [423, 'NOT_ALLOWED', false],
    [429, 'VENDOR_ERROR', true],
    [500, 'VENDOR_ERROR', true],
    [502, 'VENDOR_ERROR', true],
    [503, 'VENDOR_ERROR', true],
  ])('HTTP %i is %s, whatever the body; retryable: %s', (status, code, retryable) => {
    for (const body of ['', '<h1>Bad Gateway</h1>', '{}', 'null', '{"status":"what"}', JSON.stringify(success)]) {
      expect(failureOf(answer(body, status))).toMatchObject({ code, vendorStatus: status, retryable, vendorCode: String(status) });
    }
  });

  it.each([
    [200, 401, 401, 'INVALID_CREDENTIALS'],
    [200, '401', 401, 'INVALID_CREDENTIALS'],
    [401, 200, 401, 'INVALID_CREDENTIALS'],
    [200, 500, 500, 'VENDOR_ERROR'],
    [401, 500, 401, 'INVALID_CREDENTIALS'],
    [500, 401, 401, 'INVALID_CREDENTIALS'],
    [500, 200, 500, 'VENDOR_ERROR'],
    [404, 401, 401, 'INVALID_CREDENTIALS'],
    [200, 403, 403, 'NOT_ALLOWED'],
    [200, '423', 423, 'NOT_ALLOWED'],
    [500, 403, 403, 'NOT_ALLOWED'],
    [423, 500, 423, 'NOT_ALLOWED'],
    [403, 401, 401, 'INVALID_CREDENTIALS'],
  ])('of HTTP status %i and envelope status %j the worse one decides: %i', (http, inside, status, code) => {
    for (const key of ['status', 'statuts', 'code']) {
      const error = failureOf(answer({ [key]: inside, msg: 'non', data: null }, http));
      expect(error).toMatchObject({
        code,
        vendorStatus: status,
        vendorCode: String(status),
        vendorMessage: 'non',
        retryable: status >= 500,
      });
    }
  });

  it.each([
    [{ status: 200, statuts: 401, code: 500 }, undefined],
    [{ statuts: 200, code: 401 }, undefined],
    [{ status: 401, statuts: 200, code: 200 }, 'INVALID_CREDENTIALS'],
    [{ status: '', statuts: 401, code: 200 }, 'INVALID_CREDENTIALS'],
    [{ status: {}, statuts: null, code: '403' }, 'NOT_ALLOWED'],
    [{ code: 500, status: 'what' }, 'VENDOR_ERROR'],
  ])('the first number of status, statuts and code is the status, wherever they stand: %j', (statuses, code) => {
    const response = answer({ data: { token, status: 401, code: 403 }, ...statuses });
    if (code === undefined) expect(judgeLogin(response, password)).toEqual({ value: token });
    else expect(failureOf(response)).toMatchObject({ code });
  });

  it('a response that is cut after its status has that status', () => {
    expect(failureOf(answer('{"statuts":401,"msg":"Authenf'))).toMatchObject({ code: 'INVALID_CREDENTIALS', vendorStatus: 401 });
  });

  it('a success whose status is no HTTP status is BAD_RESPONSE and tells which field is wrong', () => {
    expect(String(failureOf(answer({ status: 'fine', data: { token } })))).toContain('status: expected an HTTP status');
  });

  it('a Retry-After header becomes retryAfter of the error', () => {
    expect(failureOf(answer('', 429, 7_000))).toMatchObject({ vendorStatus: 429, retryAfter: 7_000 });
  });

  it('the error for HTTP 404 advises to check baseUrl', () => {
    expect(String(failureOf(answer('', 404)))).toContain('baseUrl');
  });

  it('a failure without a message has no vendorMessage', () => {
    for (const msg of [undefined, null, '', 7, {}]) {
      const error = failureOf(answer({ status: 401, msg }));
      expect(isAuthError(error) && (error.vendorMessage ?? '')).toBe('');
    }
  });

  it.each([400, 401, 500])('a token in a failed response with HTTP %i does not appear in the error', (status) => {
    for (const http of [200, status]) {
      const error = failureOf(answer({ status, msg: `token ${encodeURIComponent(token)} ${token} ${password}`, data: { token } }, http));
      expect(JSON.stringify([error, String(error)])).not.toMatch(/T0KEN|pä/);
    }
  });
});
