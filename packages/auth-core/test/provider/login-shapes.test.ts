import { assertNoSecrets, type ReceivedRequest, type Reply, startFaultyServer } from '@x/auth-core/testing';
import * as undici8 from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { LoginRequest, LoginResponse } from '../../src/provider/index.ts';
import { agentOf, withEachUndici } from '../helpers/undici-versions.ts';
import { failureOf, password, send } from './exchange.ts';

async function start(reply: Reply = { status: 200, json: {} }): Promise<{ url: string; seen: ReceivedRequest[] }> {
  const seen: ReceivedRequest[] = [];
  const server = await startFaultyServer(() => reply, { onRequest: (request) => seen.push(request) });
  onTestFinished(() => server.close());
  return { url: `${server.url}/login`, seen };
}

withEachUndici((undici) => {
  /** What a server receives of a login request. */
  async function received(login: Partial<LoginRequest>, query = ''): Promise<ReceivedRequest> {
    const server = await start();
    await send(server.url + query, { dispatcher: agentOf(undici) }, login);
    const [request] = server.seen;
    if (request === undefined || server.seen.length > 1) throw new Error('expected one request');
    return request;
  }

  describe('the shapes of a login request', () => {
    it.each([{ user: 'u', password }, [1, 'zwei'], 'text', 0, false, null])('a login may send any JSON value: %j', async (json) => {
      const { method, headers, body } = await received({ json });
      expect([method, headers['content-type'], JSON.parse(body)]).toEqual(['POST', 'application/json', json]);
    });

    it('a login may send a form', async () => {
      const { method, headers, body } = await received({ form: { 'user name': '가 é', password, empty: '' } });
      expect([method, headers['content-type']]).toEqual(['POST', 'application/x-www-form-urlencoded']);
      expect([...new URLSearchParams(body)]).toEqual([
        ['user name', '가 é'],
        ['password', password],
        ['empty', ''],
      ]);
    });

    it('a login may send a text as it is, which its headers describe', async () => {
      const body = '{ "a" : 1 }\n<가/>';
      const request = await received({ method: 'PUT', body, headers: { 'Content-Type': 'application/xml', 'x-signature': 'abc' } });
      expect(request).toMatchObject({ method: 'PUT', body, headers: { 'content-type': 'application/xml', 'x-signature': 'abc' } });
      expect((await received({ body: '' })).headers['content-type']).toBeUndefined();
    });

    it.each(['GET', 'POST', 'DELETE'] as const)('a login may have no body: %s', async (method) => {
      const authorization = `Basic ${Buffer.from(`u:${password}`).toString('base64')}`;
      const request = await received({ method, headers: { authorization } }, '?account=u&version=6');
      expect(request).toMatchObject({ method, body: '', headers: { authorization } });
      expect(request.url.search).toBe('?account=u&version=6');
      expect(request.headers).not.toHaveProperty('content-type');
    });

    it('a header of the vendor replaces a default one, in whatever case it is written', async () => {
      const { headers } = await received({ json: {}, headers: { Accept: '*/*', 'CONTENT-TYPE': 'application/vnd.acme+json' } });
      expect(headers).toMatchObject({ accept: '*/*', 'content-type': 'application/vnd.acme+json' });
    });

    it('a login with GET is not answered from a cache', async () => {
      const server = await start({ status: 200, json: {}, headers: { 'cache-control': 'public, max-age=600' } });
      const dispatcher = agentOf(undici).compose(undici.interceptors.cache());
      for (let turn = 0; turn < 2; turn++) await send(server.url, { dispatcher }, { method: 'GET' });
      expect(server.seen).toHaveLength(2);
    });
  });

  describe('the cookies of a login response', () => {
    /** What a login response with these `Set-Cookie` headers knows of the cookie `sid`. */
    async function sid(...cookies: string[]): Promise<string | undefined> {
      // The type of a reply's headers knows one value each; Node's own server sends an array as several headers.
      const headers = { 'set-cookie': cookies } as unknown as Record<string, string>;
      const server = await start({ status: 204, headers });
      return (await send(server.url, { dispatcher: agentOf(undici), now: () => Date.UTC(2026, 10, 1) })).cookie('sid');
    }

    it.each<readonly [value: string | undefined, cookies: string[]]>([
      ['abc', ['sid=abc']],
      ['abc', ['sid=abc; Path=/; HttpOnly; Secure; SameSite=Lax']],
      ['abc', ['other=1; Path=/', 'sid=abc', 'last=2']],
      ['a=b==', ['sid=a=b==; Path=/']],
      ['a%20b', [' sid = a%20b ;Path=/']],
      ['a b', ['sid="a b"; Path=/']],
      ['', ['sid=; Path=/']],
      ['"', ['sid="']],
      [undefined, []],
      [undefined, ['SID=abc', 'xsid=1', 'other=sid=abc', 'sid', 'a=1; sid=abc']],
    ])('cookie() reads one cookie of the response, without its attributes and quotes: %j of %j', async (value, cookies) => {
      expect(await sid(...cookies)).toBe(value);
    });

    it.each<readonly [value: string | undefined, cookies: string[]]>([
      [undefined, ['sid=abc; Max-Age=0']],
      [undefined, ['sid=abc; max-age=-1; Expires=Wed, 01 Dec 2099 00:00:00 GMT']],
      [undefined, ['sid=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=soon']],
      ['abc', ['sid=abc; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT']],
      ['abc', ['sid=abc; Expires=Wed, 01 Dec 2099 00:00:00 GMT']],
      ['abc', ['sid=abc; Expires=never']],
      ['new', ['sid=; Max-Age=0', 'sid=new']],
      [undefined, ['sid=new', 'sid=; Max-Age=0']],
      ['new', ['sid=new; Path=/', 'sid=; Max-Age=0; Path=/old']],
      ['last', ['sid=first; Path=/', 'sid=second; Path=/a', 'sid=last; Path=/']],
    ])('cookie() knows no cookie that has expired: %j of %j', async (value, cookies) => {
      expect(await sid(...cookies)).toBe(value);
    });
  });
});

describe('a login request that is not valid', () => {
  it.each<readonly [problem: string, login: object]>([
    ['json, form and body: expected at most one of them', { json: {}, body: '' }],
    ['json, form and body: expected at most one of them', { form: {}, json: null }],
    ['body: expected a text', { body: { password } }],
    ['form.password: expected string', { form: { password: 7 } }],
    ['headers.x-a: expected string', { headers: { 'x-a': [password] } }],
    ['json: expected a value that has a JSON form', { json: () => password }],
    ['json: expected a value that has a JSON form', { json: { [password]: 7n } }],
    ['method: expected', { method: password }],
    ['url: expected a URL', { url: password }],
    ['formData: is not known, did you mean form?', { formData: { password } }],
  ])('a login request that is not valid is CONFIG, and nothing is sent: %s', async (problem, wrong) => {
    const server = await start();
    const error = await failureOf(send(server.url, {}, wrong));
    expect(error).toMatchObject({ code: 'CONFIG', provider: 'acme', message: expect.stringContaining(problem) });
    assertNoSecrets(error, [password]);
    expect(server.seen).toEqual([]);
  });

  it('a login request has at most one kind of body at the type level, too', () => {
    const head = { provider: 'acme', url: new URL('http://127.0.0.1') };
    const valid: LoginRequest[] = [head, { ...head, json: 1 }, { ...head, form: { a: 'b' } }, { ...head, body: 'b', method: 'PUT' }];
    // @ts-expect-error two bodies
    const two: LoginRequest = { ...head, json: 1, form: { a: 'b' } };
    // @ts-expect-error a body is a text
    const other: LoginRequest = { ...head, body: { a: 1 } };
    expect([...valid, two, other]).toHaveLength(6);
  });
});

describe('errors of a login', () => {
  const url = 'http://127.0.0.1:1/a/login?password=s3cret#x';

  it.each(['GET', 'POST', 'PUT'] as const)('an error of a login names the method and the URL, without its query: %s', async (method) => {
    const { message } = await failureOf(send(url, {}, { method }));
    expect(message).toContain(`acme: ${method} http://127.0.0.1:1/a/login got no whole answer`);
    expect(message).not.toContain('s3cret');
  });

  it('a redirect of a login names the method and the URL', async () => {
    const server = await start({ status: 302, headers: { location: '/web' } });
    expect((await failureOf(send(`${server.url}?p=1`, {}, { method: 'GET' }))).message).toContain(`GET ${server.url} returned a redirect`);
  });

  it('the secret of the context shows in no error, without being named', async () => {
    const agent = agentOf(undici8).compose(() => ({ body }, _handler) => {
      throw new Error(`cannot send ${typeof body === 'string' ? body : ''}`);
    });
    const login: LoginRequest = { provider: 'acme', url: new URL(url), form: { password } };
    const error = await failureOf(send(url, { dispatcher: agent, secret: password }, { ...login, secrets: undefined }));
    assertNoSecrets(error, [password]);
    expect(error.message).toContain('(its message is left out: it repeats a secret)');
  });
});

it.each([200, 201, 202, 204])('any 2xx comes back as it is: %i', async (status) => {
  const server = await start({ status, text: '', headers: { 'x-auth-token': 'abc' } });
  const response: LoginResponse = await send(server.url);
  expect([response.status, response.text, response.header('x-auth-token'), response.request]).toEqual([
    status,
    '',
    'abc',
    `POST ${server.url}`,
  ]);
});
