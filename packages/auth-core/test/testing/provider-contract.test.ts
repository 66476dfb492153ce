import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { AuthError, type LoginContext, type TokenProvider } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { assertNoSecrets, describeTokenProvider, type ProviderUnderTest, type SandboxAccount } from '@x/auth-core/testing';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';

import { acme, type AcmeAccount, acmeProtocol } from './acme.ts';
import { rpc } from './rpc-vendor.ts';

describeTokenProvider({ describe, it }, acme());
describeTokenProvider({ describe, it }, rpc());

it('the contract suite runs under node:test as well', async () => {
  const script = fileURLToPath(new URL('run-provider-contract.ts', import.meta.url));
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  const run = promisify(execFile)(process.execPath, ['--conditions=@x/source', '--test-reporter=tap', script], { env });
  const { stdout } = await run;
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(25);
}, 30_000);

/** The messages of the selected contract tests that a provider fails. */
async function failuresOf<Account extends SandboxAccount>(subject: ProviderUnderTest<Account>, wanted: RegExp): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  describeTokenProvider({ describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) }, subject);
  const failed: string[] = [];
  await Promise.all(
    tests
      .filter(([name]) => wanted.test(name))
      .map(async ([, body]) => {
        try {
          await body();
        } catch (error) {
          failed.push(error instanceof Error ? error.message : String(error));
        }
      }),
  );
  return failed;
}

/** A wrapped acme provider, for faults that a protocol alone cannot have. */
function wrapped(wrap: (provider: TokenProvider, another: () => TokenProvider) => Partial<TokenProvider>): ProviderUnderTest<AcmeAccount> {
  return {
    ...acme(),
    create(login, options) {
      const provider = createTokenProvider(acmeProtocol(login), options);
      return {
        name: provider.name,
        baseUrl: provider.baseUrl,
        origins: provider.origins,
        getToken: (more) => provider.getToken(more),
        peekToken: () => provider.peekToken(),
        isRejection: (probe) => provider.isRejection(probe),
        requestHeaders: (token) => provider.requestHeaders(token),
        status: () => provider.status(),
        forget: () => provider.forget(),
        ...wrap(provider, () => createTokenProvider(acmeProtocol(login), options)),
      };
    },
  };
}

describe('the contract suite', () => {
  it.each<readonly [fault: string, subject: ProviderUnderTest<AcmeAccount>, test: RegExp]>([
    [
      'writes another scheme',
      acme((good) => ({ login: async (context) => ({ ...(await good.login(context)), scheme: 'Bearer' }) })),
      /share one login/,
    ],
    ['recognises no rejection', acme(() => ({ isRejection: () => false })), /revoked token is recognised/],
    ['takes every error for a rejection', acme(() => ({ isRejection: ({ status }) => status >= 400 })), /does not concern the token/],
    ['always asks for more of the body', acme(() => ({ isRejection: () => 'need-body' })), /revoked token is recognised/],
    [
      'judges the beginning of a body otherwise than the whole',
      acme(() => ({ isRejection: ({ body, complete }) => (body === undefined ? 'need-body' : complete !== true) })),
      /share one login/,
    ],
    ['may send the token anywhere', acme((good) => ({ origins: [new URL(good.baseUrl).origin, 'https://evil.example'] })), /nowhere else/],
    [
      'sends a refused password again',
      acme((good) => ({ login: (context) => good.login(context).catch(asVendorError) })),
      /wrong password is/,
    ],
    ['never retries', acme((good) => ({ login: (context) => good.login(context).catch(forGood) })), /is retried/],
    [
      'follows redirects and reads everything',
      acme((_good, { baseUrl, account }) => ({ login: ({ secret }) => naiveLogin(baseUrl, account.user, secret) })),
      /a redirect|without an end/,
    ],
    [
      'logs in before a token is requested',
      wrapped((provider) => (void provider.getToken().catch(() => undefined), {})),
      /before a token is requested/,
    ],
    [
      'logs in for some callers alone',
      // Of a thousand: as many logins would keep a busy machine from what is tried next.
      wrapped((provider, another) => {
        let callers = 0;
        return { getToken: (options) => ((callers += 1) % 100 === 0 ? another() : provider).getToken(options) };
      }),
      /share one login/,
    ],
    [
      'ends the login of all callers when one aborts',
      wrapped((provider) => ({ getToken: (options) => firstSignalEndsAll(provider, options?.signal) })),
      /caller that aborts/,
    ],
    [
      'shows the token',
      wrapped((provider) => ({
        getToken: async (options) => ({ ...(await provider.getToken(options)), value: (await provider.getToken()).value }),
      })),
      /does not show/,
    ],
    [
      'shows the password',
      wrapped((provider) => ({ getToken: (options) => provider.getToken(options).catch(withRequest) })),
      /wrong password|repeats the request/,
    ],
    [
      'reads a body without a limit',
      acme((_good, { baseUrl, account }) => ({ login: (context) => unboundedLogin(`${baseUrl}/login`, account.user, context) })),
      /without an end/,
    ],
    [
      'goes on when its time is over',
      acme((_good, { baseUrl, account }) => ({
        login: ({ secret = '' }) => unboundedLogin(`${baseUrl}/login`, account.user, { secret, signal: new AbortController().signal }),
      })),
      /trickles/,
    ],
    [
      'leaves the path of the base URL',
      acme((_good, { baseUrl, account }) => ({
        login: (context) => unboundedLogin(new URL('/login', baseUrl).href, account.user, context),
      })),
      /path prefix/,
    ],
    [
      'names other headers than the vendor wants',
      wrapped(() => ({ requestHeaders: ({ value }) => ({ 'x-token': value }) })),
      /share one login/,
    ],
    [
      'names other headers than it sends',
      wrapped((provider) => ({ requestHeaders: (token) => ({ ...provider.requestHeaders(token), 'X-Trace': '1' }) })),
      /headers that requestHeaders names/,
    ],
    ['forgets nothing', wrapped(() => ({ forget: async () => undefined })), /forget/],
    [
      'tells the token in its status',
      wrapped((provider) => ({ status: async () => ({ ...(await provider.status()), fingerprint: (await provider.getToken()).value }) })),
      /status/,
    ],
  ])(
    'the contract finds a provider that %s, and says in a sentence what it expected',
    async (_fault, subject, test) => {
      const messages = await failuresOf(subject, test);
      expect(messages).not.toEqual([]);
      for (const message of messages) expect(message).toMatch(/^expected that \S.{10}/);
      expect(await failuresOf(acme(), test)).toEqual([]);
    },
    30_000,
  );

  it.each<readonly [fault: string, subject: ReturnType<typeof rpc>, test: RegExp, message: string]>([
    ['a sandbox whose log shows a header of the token', rpc({}, ['password', 'x-csrf']), /log of the sandbox/, 'header x-rpc-token'],
    ['a sandbox whose log shows the password', rpc({}, ['x-rpc-token', 'x-csrf']), /log of the sandbox/, 'secretFields'],
    [
      'a header of the token that is missing',
      rpc({ requestHeaders: ({ value }) => ({ 'x-rpc-token': value }) }),
      /share one login/,
      'the vendor accepts the token',
    ],
  ])('the contract finds %s', async (_fault, subject, test, message) => {
    expect((await failuresOf(subject, test)).join('\n')).toContain(message);
    expect(await failuresOf(rpc(), test)).toEqual([]);
  });
});

const asVendorError = (): never => {
  throw new AuthError({ code: 'VENDOR_ERROR', provider: 'acme', message: 'no' });
};

const forGood = (error: unknown): never => {
  if (!(error instanceof AuthError)) throw error;
  const { code, provider, message, vendorStatus, attempts } = error;
  throw new AuthError({ code, provider, message, vendorStatus, attempts, retryable: false });
};

const withRequest = (error: unknown): never => {
  throw Object.assign(new AuthError({ code: 'VENDOR_ERROR', provider: 'acme', message: 'no' }), {
    cause: error,
    request: 'pä"s\\s</w>&\'o+r%d {$1}*',
  });
};

async function naiveLogin(baseUrl: string, user: string, password = ''): Promise<{ value: string; scheme: string }> {
  const response = await fetch(`${baseUrl}/login`, { method: 'POST', body: JSON.stringify({ user, password }) });
  const value = /"token":"(\w+)"/.exec(await response.text())?.[1];
  if (value === undefined) throw new AuthError({ code: 'BAD_RESPONSE', provider: 'acme', message: 'no' });
  return { value, scheme: 'Acme' };
}

/** An exchange without a limit to what is read, and without any help. */
async function unboundedLogin(
  url: string,
  user: string,
  { secret = '', signal }: Pick<LoginContext, 'secret' | 'signal'>,
): Promise<{ value: string; scheme: string }> {
  const body = JSON.stringify({ user, password: secret });
  const response = await request(url, { method: 'POST', body, signal });
  const value = /"token":"(\w+)"/.exec(await response.body.text())?.[1];
  if (value === undefined) throw new AuthError({ code: 'BAD_RESPONSE', provider: 'acme', message: 'no' });
  return { value, scheme: 'Acme' };
}

const waiting = new WeakMap<TokenProvider, AbortController>();

/** A provider whose callers share one login that the first caller's signal ends. */
function firstSignalEndsAll(provider: TokenProvider, signal: AbortSignal | undefined): ReturnType<TokenProvider['getToken']> {
  const shared = waiting.get(provider) ?? new AbortController();
  waiting.set(provider, shared);
  signal?.addEventListener('abort', () => shared.abort(signal.reason));
  return provider.getToken({ signal: shared.signal });
}

describe('assertNoSecrets', () => {
  const secret = 'S3CR3T"<&/';

  it.each<readonly [where: string, value: unknown]>([
    ['its text', `x ${secret} y`],
    ['a message', new Error(secret)],
    ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: new Error(secret) }) })],
    ['a property', Object.assign(new Error('a'), { request: { body: [secret] } })],
    ['a hidden property', Object.defineProperty(new Error('a'), 'request', { value: secret })],
    ['the property of a symbol', Object.assign(new Error('a'), { [Symbol('request')]: secret })],
    ['its depth', { a: { b: { c: { d: { e: { f: secret } } } } } }],
    ['an escaped form', new Error(JSON.stringify(JSON.stringify(secret)))],
    ['a URL', new Error(encodeURIComponent(secret).replaceAll('%20', '+'))],
    ['its JSON', { toJSON: () => secret }],
  ])('assertNoSecrets finds a secret in %s', (_where, value) => {
    expect(() => assertNoSecrets(value, ['other', secret])).toThrow(/^a secret shows in /);
    expect(() => assertNoSecrets(value, ['other', ''])).not.toThrow();
  });

  it('assertNoSecrets accepts any value without a secret', () => {
    for (const value of [undefined, null, 7, 'x', Symbol('x'), 7n, new Error('x'), [], () => 0]) {
      expect(() => assertNoSecrets(value, [secret])).not.toThrow();
    }
  });
});
