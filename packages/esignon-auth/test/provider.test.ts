import { assertNoSecrets, type ReceivedRequest, type Reply } from '@x/auth-core/testing';
import { type EsignonFault, type EsignonSandbox, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  AuthError,
  createEsignonTokenProvider,
  type EsignonOptions,
  formatAuthorization,
  memoryStore,
  type TokenProvider,
  type TokenStore,
} from '../src/index.ts';

const password = 'pä"s\\s</w>&\'o+r%d {$1}*';
const token = 'T0KEN/x+y==&<>"\'';

let sandbox: EsignonSandbox;

beforeEach(async () => {
  sandbox = await startEsignonSandbox();
  sandbox.accounts[0].password = password;
});

afterEach(() => sandbox.close());

function provider(options: Partial<EsignonOptions> = {}): TokenProvider {
  const [{ companyId, email }] = sandbox.accounts;
  return createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url, retries: 0, ...options });
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

function expectNoSecrets(error: unknown, secrets: readonly string[]): void {
  expect(error).toBeInstanceOf(AuthError);
  assertNoSecrets(error, secrets);
}

describe('a token', () => {
  it('a token is sent after the scheme esignon and one space', async () => {
    const { value, scheme } = await provider().getToken();
    expect(scheme).toBe('esignon');
    expect(formatAuthorization(await provider().getToken())).toMatch(/^esignon \S+$/);
    expect(value).not.toContain('esignon');
  });

  it('a token ends when the vendor says', async () => {
    const { expiresAt = 0, issuedAt } = await provider().getToken();
    expect(expiresAt - issuedAt).toBeGreaterThan(29 * 86_400_000);
    expect(expiresAt - issuedAt).toBeLessThanOrEqual(30 * 86_400_000 + 1_000);
  });

  it.each([undefined, null, '', 'never', '2020-01-31 04:23:28.0', '9999-12-31', '2099-02-30', 7])(
    'a token whose end is %j is kept for fallbackLifetime',
    async (value) => {
      await using other = await startEsignonSandbox({ expireDate: () => value });
      const [account] = other.accounts;
      const { expiresAt = 0, issuedAt } = await createEsignonTokenProvider({
        ...account,
        baseUrl: other.url,
        fallbackLifetime: 60_000,
      }).getToken();
      expect(expiresAt - issuedAt).toBe(60_000);
    },
  );

  it('a token that no header can carry is BAD_RESPONSE, and not quoted', async () => {
    const text = '{인증토큰}';
    sandbox.fail({ answer: () => ({ status: 200, json: { header: { result_code: '00' }, body: { access_token: text } } }) });
    const error = await failureOf(provider().getToken());
    expect(error).toMatchObject({ code: 'BAD_RESPONSE' });
    expectNoSecrets(error, [text]);
  });
});

describe('store keys', () => {
  /** The store keys that a provider uses. */
  async function keysOf(options: Partial<EsignonOptions>): Promise<string[]> {
    const keys = new Set<string>();
    const inner = memoryStore();
    const store: TokenStore = {
      get: (key) => inner.get(key),
      set: (key, value, more) => {
        keys.add(key);
        return inner.set(key, value, more);
      },
      delete: (key, expected) => inner.delete(key, expected),
    };
    sandbox.fail({ answer: () => ({ status: 200, json: { header: { result_code: '00' }, body: { access_token: token } } }) });
    await provider({ ...options, store }).getToken();
    return [...keys].toSorted();
  }

  it('store keys do not show the account', async () => {
    const keys = await keysOf({ companyId: 'secret-company', email: 'somebody@mail.example' });
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).not.toMatch(/secret-company|somebody|mail\.example/);
  });

  it('store keys do not depend on the spelling of the base URL, the language or the client id', async () => {
    const one = await keysOf({ baseUrl: `${sandbox.url}/v1` });
    expect(await keysOf({ baseUrl: `${sandbox.url}/v1/`, language: 'ja', password: () => password, clientId: 'x' })).toEqual(one);
    expect(await keysOf({ baseUrl: `${sandbox.url.toUpperCase().replace('HTTP', 'http')}/v1` })).toEqual(one);
  });

  it('store keys differ by origin, company, e-mail address and path prefix', async () => {
    await using other = await startEsignonSandbox();
    other.fail({ answer: () => ({ status: 200, json: { header: { result_code: '00' }, body: { access_token: token } } }) });
    const options: Partial<EsignonOptions>[] = [
      {},
      { companyId: 'other' },
      { companyId: 'SANDBOX' },
      { email: 'other' },
      { baseUrl: `${sandbox.url}/v1` },
      { baseUrl: `${sandbox.url}/V1` },
      { baseUrl: other.url },
    ];
    const keys = [];
    for (const each of options) keys.push((await keysOf(each)).join(' '));
    expect(new Set(keys).size).toBe(options.length);
  });

  it('store keys differ if characters move from one field to the next', async () => {
    const fields = [
      ['a', 'b|c'],
      ['a|b', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
      ['a b', 'c'],
      ['a', 'b c'],
      ['ab', 'c'],
      ['a', 'bc'],
      ['a\0b', 'c'],
      ['a', 'b\0c'],
      ['a/b', 'c'],
      ['a', 'b/c'],
    ];
    const keys = [];
    for (const [companyId = '', email = ''] of fields) keys.push((await keysOf({ companyId, email })).join(' '));
    expect(new Set(keys).size).toBe(fields.length);
  });
});

/** Login responses that repeat the password and the token wherever a response can. */
function echoes(request: ReceivedRequest, status: number): Reply[] {
  const { body } = request;
  const all = `${body} ${encodeURIComponent(body)} ${password} ${encodeURIComponent(password)} ${token} ${encodeURIComponent(token)}`;
  const envelope = (result_code: unknown): unknown => ({
    header: { response_code: all, result_code, result_msg: all, session_id: token, [all]: all },
    body: { access_token: token, comp_id: all, device_id: all, expire_date: all, memb_email: all, memb_pwd: password },
  });
  const jsons = ['10', '12', '95', '99', '77', all, token, password, undefined, null, { code: all }].map(envelope);
  // A token in another place than the documented one cannot be recognised: here the vendor's message does not repeat it.
  const elsewhere = { header: { result_code: '00', result_msg: body }, body: { access_token: [token], expire_date: all } };
  return [
    ...[...jsons, elsewhere, all, [all], { header: all, body: token }].map((json) => ({ status, json })),
    { status, text: all, headers: { 'content-type': 'text/html' } },
    { status, text: `${JSON.stringify(envelope('10'))},${all}` },
    { status: 302, text: all, headers: { location: `/?${new URLSearchParams({ all }).toString()}` } },
  ];
}

describe('the password and the token', () => {
  const faults: readonly EsignonFault[] = [
    ...([400, 401, 403, 404, 429, 500, 502, 503] as const).map((status) => ({ status, retryAfter: 60, body: password })),
    ...['10', '12', '95', '99', '77'].map((result) => ({ result, message: `${password} ${encodeURIComponent(password)}` })),
    { redirect: `/?${new URLSearchParams({ password }).toString()}` },
    'silent',
    'reset',
    'cut',
    'garbage',
    'oversize',
    'flood',
  ];

  it.each(faults)('the password and the token are in no error after this fault: %j', async (fault) => {
    expect.hasAssertions();
    sandbox.fail(fault);
    const options = { attemptTimeout: 200 };
    const failing = provider(options);
    expectNoSecrets(await failureOf(failing.getToken()), [password]);
    sandbox.fail(fault);
    expectNoSecrets(await failureOf(failing.getToken()), [password]);
  });

  it.each([200, 400, 401, 404, 429, 500, 503])(
    'the password and the token are in no error if the vendor repeats them in every field, with HTTP %i',
    async (status) => {
      expect.hasAssertions();
      for (let index = 0, count = 1; index < count; index++) {
        sandbox.fail({
          answer: (request) => {
            const replies = echoes(request, status);
            count = replies.length;
            return replies[index] ?? { status };
          },
        });
        expectNoSecrets(await failureOf(provider().getToken()), [password, token]);
      }
    },
  );

  it('the password is in no error of a password function that fails', async () => {
    const thrown = (): never => {
      throw new Error(`cannot read ${password}`);
    };
    for (const wrong of [thrown, () => `${password}\n`, () => '', async () => Promise.reject(new Error(password))]) {
      const error = await failureOf(provider({ password: wrong }).getToken());
      expect(error).toMatchObject({ code: 'CONFIG' });
      expectNoSecrets(error, [password]);
    }
    expect(sandbox.logins).toBe(0);
  });

  it('the password is in no error of a caller that aborts', async () => {
    sandbox.fail('silent');
    const failing = provider({ attemptTimeout: 200 });
    const error = await failureOf(failing.getToken({ signal: AbortSignal.timeout(20) }));
    expect(error).toMatchObject({ code: 'ABORTED' });
    expectNoSecrets(error, [password]);
  });
});
