import { isAuthError, type TokenProviderOptions } from '@x/auth-core';
import { assertNoSecrets } from '@x/auth-core/testing';
import type { InferInput } from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';

import { createEsignonTokenProvider, type EsignonOptions, esignonOptionsFromEnv } from '../src/index.ts';
import type { esignonOptionsSchema } from '../src/options.ts';

const sentinel = 'q7Zx';
const good: EsignonOptions = { companyId: 'company', email: 'a@b.example', password: 'p' };

/** The message of the CONFIG error for these options; `fine` if there is none. */
function messageOf(options: unknown): string {
  try {
    // Callers in JavaScript may pass anything.
    createEsignonTokenProvider(options as EsignonOptions);
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'CONFIG' || error.provider !== 'esignon') throw error;
    assertNoSecrets(error, [sentinel, '7070']);
    return error.message;
  }
  return 'fine';
}

const wrong = (options: Record<string, unknown>): string => messageOf({ ...good, ...options });

describe('options', () => {
  it('the type EsignonOptions is what the schema accepts', () => {
    type Accepted = InferInput<ReturnType<typeof esignonOptionsSchema>>;
    expectTypeOf<Omit<Accepted, keyof TokenProviderOptions>>().toEqualTypeOf<Omit<EsignonOptions, keyof TokenProviderOptions>>();
  });

  it('valid options create a provider for the origin of the base URL', () => {
    expect(createEsignonTokenProvider(good)).toMatchObject({ name: 'esignon', origins: ['https://docs.esignon.net'] });
    const options: EsignonOptions = {
      ...good,
      baseUrl: 'https://Proxy.example:8443/esignon/',
      language: 'ja',
      clientId: 'id',
      password: async () => 'p',
    };
    expect(createEsignonTokenProvider(options).origins).toEqual(['https://proxy.example:8443']);
  });

  it('one CONFIG error names all wrong options and quotes none', () => {
    const message = messageOf({
      companyId: 7_070,
      email: [sentinel],
      password: { text: sentinel },
      baseUrl: sentinel,
      language: sentinel,
      clientId: '',
      timeout: sentinel,
      attemptTimeout: -7_070,
      retries: 7_070.5,
      refreshBefore: sentinel,
      fallbackLifetime: 0,
      cooldown: -7_070,
      rejectionBudget: sentinel,
      store: { get: sentinel },
      storeTimeout: sentinel,
      dispatcher: sentinel,
      allowInsecure: sentinel,
      clock: {},
      random: 7_070,
    });
    const fields = [
      'companyId',
      'email',
      'password',
      'baseUrl',
      'language',
      'clientId',
      'timeout',
      'attemptTimeout',
      'retries',
      'refreshBefore',
    ];
    fields.push(
      'fallbackLifetime',
      'cooldown',
      'rejectionBudget',
      'store',
      'storeTimeout',
      'dispatcher',
      'allowInsecure',
      'clock',
      'random',
    );
    for (const field of fields) expect(message).toMatch(new RegExp(`[ ;]${field}: `));
  });

  it.each([undefined, null, sentinel, 7_070, [], {}])('options that are not an object are CONFIG: %j', (options) => {
    expect(messageOf(options)).toMatch(/^esignon: wrong options: /);
  });

  it('one CONFIG error names all missing options', () => {
    const message = messageOf({});
    for (const field of ['companyId', 'email', 'password']) expect(message).toContain(`${field}: is missing`);
  });

  it('options that have a default may be left out', () => {
    expect(wrong({ baseUrl: undefined, language: undefined, clientId: undefined, timeout: undefined })).toBe('fine');
  });

  it.each(['no at sign', 'a@b@c', ' ', '"q7Zx"@x', '사용자'])('the format of the e-mail address is not checked: %j', (email) => {
    expect(wrong({ email })).toBe('fine');
  });

  it.each([
    ['', 'is empty'],
    ['.', 'cannot be a path segment'],
    ['..', 'cannot be a path segment'],
    ['q7Zx\ud800', 'is not well-formed text'],
  ])('a company id that cannot be one path segment is CONFIG: %j', (companyId, problem) => {
    expect(wrong({ companyId })).toContain(`companyId: ${problem}`);
  });

  it.each(['q7Zx\n', 'q7Zx\r\n'])('a password that ends in a line break is CONFIG: %j', (password) => {
    expect(wrong({ password })).toContain('password: ends in a line break');
  });

  it.each(['http://q7Zx.example', 'http://10.0.0.1', 'http://[2001:db8::1]'])(
    'plain http is CONFIG, unless allowInsecure is set: %s',
    (baseUrl) => {
      expect(wrong({ baseUrl })).toContain('baseUrl: plain http is refused except on loopback');
      expect(wrong({ baseUrl, allowInsecure: true })).toBe('fine');
      expect(wrong({ baseUrl, allowInsecure: false })).not.toBe('fine');
    },
  );

  it.each(['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost:8080/esignon', 'https://[2001:db8::1]/x'])(
    'plain http on loopback and IPv6 hosts are accepted: %s',
    (baseUrl) => {
      expect(createEsignonTokenProvider({ ...good, baseUrl }).origins).toEqual([new URL(baseUrl).origin]);
    },
  );

  it.each(['https://u:q7Zx@h.example', 'https://h.example/?q7Zx', 'https://h.example/#q7Zx'])(
    'a base URL with more than a path is CONFIG: %s',
    (baseUrl) => {
      expect(wrong({ baseUrl })).toContain('baseUrl: expected a URL without user name, password, query and fragment');
    },
  );
});

describe('options from the environment', () => {
  const env = { ESIGNON_COMPANY_ID: 'c', ESIGNON_EMAIL: 'e', ESIGNON_PASSWORD: 'p' };

  it('the options from the environment are the variables that are set', () => {
    expect(esignonOptionsFromEnv(env)).toEqual({ companyId: 'c', email: 'e', password: 'p' });
    expect(esignonOptionsFromEnv({ ...env, ESIGNON_BASE_URL: '' })).toEqual({ companyId: 'c', email: 'e', password: 'p' });
    expect(esignonOptionsFromEnv({ ...env, ESIGNON_BASE_URL: 'https://x.example' })).toHaveProperty('baseUrl', 'https://x.example');
  });

  it('one CONFIG error names all missing variables and quotes no others', () => {
    const read = (): unknown => esignonOptionsFromEnv({ ESIGNON_PASSWORD: sentinel, ESIGNON_EMAIL: '' });
    expect(read).toThrow('esignon: these environment variables are not set: ESIGNON_COMPANY_ID, ESIGNON_EMAIL');
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });

  it('without an argument the options come from process.env', () => {
    const before = process.env['ESIGNON_COMPANY_ID'];
    process.env['ESIGNON_COMPANY_ID'] = '';
    expect(() => esignonOptionsFromEnv()).toThrow(/ESIGNON_COMPANY_ID/);
    if (before === undefined) delete process.env['ESIGNON_COMPANY_ID'];
    else process.env['ESIGNON_COMPANY_ID'] = before;
  });
});
