import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

import { type EsignonSandbox, type EsignonSandboxOptions, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

/** The rows of a document's table of results: the code and what it says. */
const documentedResults = (language: string): string[][] =>
  [...fixture(`login-results.${language}.txt`).matchAll(/^\| (\d\d) +\| [^|]+\| (.+?) +\|$/gm)].map(([, code = '', text = '']) => [
    code,
    text,
  ]);

const Envelope = v.object({
  header: v.object({ result_code: v.string(), result_msg: v.string() }),
  body: v.record(v.string(), v.unknown()),
});

let sandbox: EsignonSandbox;

async function start(options?: EsignonSandboxOptions): Promise<EsignonSandbox> {
  sandbox = await startEsignonSandbox(options);
  return sandbox;
}

afterEach(() => sandbox.close());

interface Attempt {
  companyId?: string;
  password?: string;
  lang?: string;
  body?: string;
  contentType?: string;
}

async function post({ companyId, password, lang, body, contentType = 'application/json' }: Attempt = {}) {
  const [account] = sandbox.accounts;
  const path = `/api/${encodeURIComponent(companyId ?? account.companyId)}/login${lang === undefined ? '' : `?lang=${lang}`}`;
  const request = {
    header: { request_code: '1001Q' },
    body: { memb_email: account.email, memb_pwd: password ?? account.password },
  };
  const response = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: body ?? JSON.stringify(request),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    json: await response.json(),
  };
}

async function login(attempt?: Attempt) {
  const { header, body } = v.parse(Envelope, (await post(attempt)).json);
  return { code: header.result_code, message: header.result_msg, body };
}

const tokenOf = async (attempt?: Attempt): Promise<string> => v.parse(v.string(), (await login(attempt)).body['access_token']);

async function company(authorization: string, path = '/api/v2/company') {
  const response = await fetch(sandbox.url + path, { headers: { authorization } });
  return { status: response.status, json: await response.json() };
}

const resultOf = async (authorization: string): Promise<string> =>
  v.parse(Envelope, (await company(authorization)).json).header.result_code;

const workflow = {
  workflow_name: '계약',
  template_id: 7,
  language: 'ko',
  recipient_list: [{ order: 1, email: 'a@b.example', name: '김' }],
  field_list: [{ name: 'x', value: 'y' }],
};

async function startWorkflow(token: string, body: unknown = workflow, query = '?offset=%2B09%3A00') {
  const response = await fetch(`${sandbox.url}/api/v3/workflows/start${query}`, {
    method: 'POST',
    headers: { authorization: `esignon ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

describe('a login at the eSignon sandbox', () => {
  it.each(['ko', 'ja'])(
    'the sandbox accepts the documented login request and returns the documented response, word for word (%s)',
    async (lang) => {
      const request = JSON.parse(fixture('login-request.ko.json'));
      const documented = JSON.parse(fixture(`login-answer.${lang}.json`));
      const account = {
        companyId: documented.body.comp_id,
        email: request.body.memb_email,
        password: request.body.memb_pwd,
      };
      await start({ accounts: [account], expireDate: documented.body.expire_date });
      const { status, type, json } = await post({ lang, body: fixture('login-request.ko.json') });
      expect(status).toBe(200);
      expect(type).toContain('application/json');
      const placeholders = {
        access_token: expect.stringMatching(/^\w{20,}$/),
        device_id: expect.any(String),
        memb_email: account.email,
      };
      expect(json).toStrictEqual({
        header: documented.header,
        body: { ...documented.body, ...placeholders },
      });
    },
  );

  const refusals: Record<string, () => Promise<{ code: string; message: string }>> = {};
  for (const lang of ['ko', 'ja']) {
    refusals[`${lang} 00`] = () => login({ lang });
    refusals[`${lang} 10`] = () => login({ lang, password: 'wrong' });
    refusals[`${lang} 12`] = () => login({ lang, body: fixture('login-request.ja.txt') });
    refusals[`${lang} 95`] = () => {
      sandbox.accounts[0].allowed = false;
      return login({ lang });
    };
    refusals[`${lang} 99`] = () => login({ lang, body: fixture('login-request.ko.json').replace('1001Q', '1002Q') });
  }

  it.each(['ko', 'ja'].flatMap((lang) => documentedResults(lang).map(([code = '', text = '']) => [lang, code, text])))(
    'a login at the sandbox returns the documented result in the requested language: %s %s %s',
    async (lang, code, text) => {
      await start();
      const { code: actual, message } = (await refusals[`${lang} ${code}`]?.()) ?? {};
      expect(actual).toBe(code);
      // The table has one word for a success; the message is in the example response.
      const sentence = code === '00' ? JSON.parse(fixture(`login-answer.${lang}.json`)).header.result_msg : text;
      expect(message).toBe(sentence);
    },
  );

  it('the sandbox knows every result code of both documents', () => {
    expect(documentedResults('ko').map(([code]) => code)).toEqual(['00', '10', '12', '95', '99']);
    expect(documentedResults('ja').map(([code]) => code)).toEqual(['00', '10', '12', '95', '99']);
  });

  it.each([
    ['en', 'The login information is not right.'],
    ['jp', 'ログイン情報が正確ではありません。'],
    ['fr', '로그인 정보가 정확하지 않습니다.'],
    [undefined, '로그인 정보가 정확하지 않습니다.'],
  ])('messages of the sandbox are in the requested language, jp counts as Japanese, the default is Korean: %s', async (lang, message) => {
    await start();
    expect(await login({ password: 'wrong', ...(lang === undefined ? {} : { lang }) })).toMatchObject({ code: '10', message, body: {} });
  });

  it.each<[string, Attempt]>([
    ['an empty body', { body: '' }],
    ['a missing field', { body: '{"header":{"request_code":"1001Q"},"body":{"memb_email":"a"}}' }],
    ['a password that is no string', { body: '{"header":{"request_code":"1001Q"},"body":{"memb_email":"a","memb_pwd":1}}' }],
    ['another content type', { contentType: 'text/plain' }],
  ])('a login with %s gets result 12', async (_, attempt) => {
    await start();
    expect((await login(attempt)).code).toBe('12');
  });

  it('a refused login does not tell whether company, e-mail or password is wrong', async () => {
    await start();
    const unknown = JSON.stringify({
      header: { request_code: '1001Q' },
      body: { memb_email: 'nobody', memb_pwd: 'x' },
    });
    const answers = [await login({ companyId: 'other' }), await login({ body: unknown }), await login({ password: 'wrong' })];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.code).toBe('10');
  });

  it('the sandbox accepts any company id', async () => {
    await start({ accounts: [{ companyId: 'a/b?c 회', email: 'e', password: 'p' }] });
    expect((await login()).code).toBe('00');
    expect(sandbox.logins).toBe(1);
  });

  it('the sandbox answers below its own base path only', async () => {
    await start();
    expect(new URL(sandbox.url).pathname).toBe('/');
    const { origin } = new URL(sandbox.url);
    expect((await fetch(`${origin}/proxy/api/v2/company`)).status).toBe(404);
    await sandbox.close();
    await start({ basePath: '/proxy/esignon' });
    expect(new URL(sandbox.url).pathname).toBe('/proxy/esignon');
    expect((await login()).code).toBe('00');
    expect((await company('esignon x')).json).toMatchObject({ header: { response_code: '/api/v2/company', result_code: '94' } });
    expect((await fetch(`${new URL(sandbox.url).origin}/api/v2/company`)).status).toBe(404);
  });

  it.each([{ account: [] }, { expire_date: '2099-12-22' }])('an option that the sandbox does not know is CONFIG: %o', async (options) => {
    await start();
    // What JavaScript may call it with.
    await expect(startEsignonSandbox(options as EsignonSandboxOptions)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(Object.keys(options).join()),
    });
  });

  it('a changed password applies from the next login on', async () => {
    await start();
    const old = sandbox.accounts[0].password;
    sandbox.accounts[0].password = 'a new one';
    expect([(await login({ password: old })).code, (await login()).code]).toEqual(['10', '00']);
  });

  it('logins counts refused and failed logins, too', async () => {
    await start();
    sandbox.fail('reset');
    await login().catch(() => {});
    await login({ password: 'wrong' });
    await login();
    await company('esignon x');
    expect(sandbox.logins).toBe(3);
  });
});

describe('the expire_date of the eSignon sandbox', () => {
  const expireDate = async (options?: EsignonSandboxOptions) => {
    await start(options);
    return (await login()).body;
  };

  it('expire_date is 30 days ahead, in Korean time, by default', async () => {
    const now = () => Date.UTC(2099, 10, 22, 19, 23, 28, 999);
    expect(await expireDate({ now })).toMatchObject({ expire_date: '2099-12-23 04:23:28.0' });
  });

  it.each(['2099. 12. 22.', '', 4_070_908_800])('the option expireDate may be a value: %o', async (value) => {
    expect(await expireDate({ expireDate: value })).toMatchObject({ expire_date: value });
  });

  it("the option expireDate may be a function of the vendor's clock", async () => {
    expect(await expireDate({ now: () => 5_000, expireDate: (now) => [now] })).toMatchObject({
      expire_date: [5_000],
    });
  });

  it('an expireDate function that returns undefined leaves the field out', async () => {
    expect(await expireDate({ expireDate: () => undefined })).not.toHaveProperty('expire_date');
  });
});

describe('a token of the eSignon sandbox', () => {
  it('a token of the sandbox is accepted by the company call', async () => {
    await start();
    expect(await company(`esignon ${await tokenOf()}`)).toEqual({
      status: 200,
      json: {
        header: { response_code: '/api/v2/company', result_code: '00', result_msg: 'Success', session_id: '' },
        body: {
          name: 'sandbox',
          country_code: 'KR',
          workflow_capacity: 1000,
          workflow_usage: 0,
          expiry_date: '2099-12-22',
          grade_code: expect.stringMatching(/^[A-Z][A-Z\d]$/),
          create_date: '2020-01-31 04:23:28.0',
          allow_list: ['127.0.0.1'],
        },
      },
    });
  });

  it.each([
    ['no scheme', (token: string) => token],
    ['two spaces', (token: string) => `esignon  ${token}`],
    ['another scheme', (token: string) => `Bearer ${token}`],
    ['another spelling', (token: string) => `eSignon ${token}`],
    ['another token', () => 'esignon made-up'],
  ])('a token with %s is rejected', async (_, authorization) => {
    await start();
    expect(await resultOf(authorization(await tokenOf()))).toBe('94');
  });

  it.each([
    ['', '인증키가 올바르지 않습니다.'],
    ['?lang=ja', '認証キーが正しくありません。'],
  ])("a rejected token gets HTTP 200 with result 94 and the vendor's message%s", async (query, result_msg) => {
    await start();
    expect(await company('esignon made-up', `/api/v2/company${query}`)).toEqual({
      status: 200,
      json: { header: { response_code: '/api/v2/company', result_code: '94', result_msg, session_id: '' }, body: {} },
    });
  });

  it.each([
    ['', '2020-01-31 04:23:28.0'],
    ['?offset=%2B09:00', '2020-01-31 04:23:28.0'],
    ['?offset=%2B00:00', '2020-01-30 19:23:28.0'],
    ['?offset=-05:30', '2020-01-30 13:53:28.0'],
    ['?offset=Seoul', '2020-01-31 04:23:28.0'],
  ])('the company call writes its times at the requested offset, by default that of Korea: %j', async (query, create_date) => {
    await start();
    expect((await company(`esignon ${await tokenOf()}`, `/api/v2/company${query}`)).json).toMatchObject({ body: { create_date } });
  });

  it('the message for a company that may not call the API names the customer center in English', async () => {
    await start();
    sandbox.accounts[0].allowed = false;
    expect((await login({ lang: 'en' })).message).toContain('customer center');
  });

  it('a token is rejected from 30 days after its login on', async () => {
    let now = Date.UTC(2030, 0, 1);
    await start({ now: () => now });
    const token = await tokenOf();
    now += 30 * 86_400_000 - 1;
    expect(await resultOf(`esignon ${token}`)).toBe('00');
    now += 1;
    expect(await resultOf(`esignon ${token}`)).toBe('94');
  });

  it.each([
    [false, '00'],
    [true, '94'],
  ])('with singleSession %s an older token gets result %s after another login', async (singleSession, code) => {
    await start({ singleSession });
    const [first, second] = [await tokenOf(), await tokenOf()];
    expect(await resultOf(`esignon ${first}`)).toBe(code);
    expect(await resultOf(`esignon ${second}`)).toBe('00');
  });

  it('one token can be revoked, or all', async () => {
    await start();
    const [first, second] = [await tokenOf(), await tokenOf()];
    const results = async () => [await resultOf(`esignon ${first}`), await resultOf(`esignon ${second}`)];
    sandbox.revoke(first);
    expect(await results()).toEqual(['94', '00']);
    sandbox.revoke();
    expect(await results()).toEqual(['94', '94']);
  });
});

describe('the v3 calls of the eSignon sandbox', () => {
  it('the sandbox starts workflows and counts them', async () => {
    await start();
    const token = await tokenOf();
    expect(await startWorkflow(token)).toEqual({
      status: 200,
      json: { workflow_id: 1, workflow_name: '계약' },
    });
    expect(await startWorkflow(token, workflow, '')).toMatchObject({ json: { workflow_id: 2 } });
    expect(sandbox.workflows.map(({ workflow_id }) => workflow_id)).toEqual([1, 2]);
    expect((await company(`esignon ${token}`)).json).toMatchObject({ body: { workflow_usage: 2 } });
  });

  it('a v3 call rejects a token with HTTP 401 in plain JSON, and starts nothing', async () => {
    await start();
    expect(await startWorkflow('made-up')).toEqual({
      status: 401,
      json: { message: '인증키가 올바르지 않습니다.' },
    });
    expect(sandbox.workflows).toEqual([]);
  });

  it.each([[{}], [{ ...workflow, recipient_list: undefined }], ['text']])(
    'a v3 call with a body that is not a workflow gets HTTP 400: %o',
    async (body) => {
      await start();
      expect(await startWorkflow(await tokenOf(), body)).toMatchObject({ status: 400 });
      expect(sandbox.workflows).toEqual([]);
    },
  );

  it('a workflow is started even if the response is cut off', async () => {
    await start();
    const token = await tokenOf();
    sandbox.fail('cut', { on: 'call' });
    await expect(startWorkflow(token)).rejects.toThrow();
    expect(sandbox.workflows).toHaveLength(1);
  });

  it.each(['/', '/api/v2/nothing', '/api/sandbox/login', '/api/%ZZ/login'])(
    'a path that the vendor does not have is HTTP 404: %s',
    async (path) => {
      await start();
      expect(await company('esignon x', path)).toEqual({
        status: 404,
        json: { message: 'Not Found' },
      });
    },
  );
});

describe('a fault of the eSignon sandbox', () => {
  it.each(['10', '12', '95', '99'])('a fault may be the documented result %s of a login', async (result) => {
    await start();
    const { [result]: text } = Object.fromEntries(documentedResults('ja'));
    sandbox.fail({ result });
    expect(await login({ lang: 'ja' })).toEqual({ code: result, message: text, body: {} });
    expect((await login()).code).toBe('00');
  });

  it('a fault may be an undocumented result, with its own message', async () => {
    await start();
    sandbox.fail({ result: '42', message: 'surprise' });
    expect(await login()).toMatchObject({ code: '42', message: 'surprise' });
    sandbox.fail({ result: '42' });
    expect(await login()).toMatchObject({ code: '42', message: '' });
  });

  it('a fault may reject a valid token', async () => {
    await start();
    const token = await tokenOf();
    sandbox.fail({ result: '94' }, { on: 'call' });
    expect([await resultOf(`esignon ${token}`), await resultOf(`esignon ${token}`)]).toEqual(['94', '00']);
  });

  it('a fault may be a network fault for logins alone', async () => {
    await start();
    sandbox.fail({ status: 503, retryAfter: 1, body: {} }, { on: 'login', times: 2 });
    expect((await company('esignon x')).status).toBe(200);
    expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([503, 503, 200]);
  });
});

it('the eSignon sandbox shows neither passwords nor tokens in its requests', async () => {
  await start({ accounts: [{ companyId: 'c', email: 'e', password: 'pa55word' }] });
  const token = await tokenOf();
  await login({ password: 'wr0ng' });
  await login({ body: '{"body":{"memb_pwd":"pa55word"},}' });
  await company(`esignon ${token}`);
  await company(token);
  await startWorkflow(token);
  expect(sandbox.requests).toHaveLength(6);
  const printed = inspect(sandbox.requests, { depth: null, showHidden: true }) + JSON.stringify(sandbox.requests);
  for (const secret of ['pa55word', 'wr0ng', token]) expect(printed).not.toContain(secret);
  expect(printed).toContain('esignon (hidden)');
  expect(sandbox.requests[0]).toMatchObject({
    method: 'POST',
    path: '/api/c/login',
    body: { body: { memb_email: 'e', memb_pwd: '(hidden)' } },
  });
});
