import assert from 'node:assert/strict';

import { request } from 'undici';

import { isAuthError } from '../auth-error.ts';
import { memoryStore } from '../stores/memory-store.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { expectEqual, expectNoSecrets, expectThat } from './expectations.ts';
import { describeAccount } from './provider-contract-account.ts';
import { describeFailures } from './provider-contract-failures.ts';
import { describeTokenHeaders } from './provider-contract-headers.ts';
import { type ProviderUnderTest, type SandboxAccount, secretsOf, withSandbox } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * Registers the contract suite for token providers with any test runner:
 *
 * ```ts
 * import { describe, it } from 'node:test';
 *
 * describeTokenProvider({ describe, it }, {
 *   name: 'acme',
 *   startSandbox: () => startAcmeSandbox(),
 *   create: ({ baseUrl, account, password }, options) => createAcmeTokenProvider({ ...options, baseUrl, user: account.user, password }),
 *   call: { path: '/v1/me' },
 * });
 * ```
 *
 * How a token travels, the suite asks the provider (`requestHeaders`). Each test starts its own sandbox; one that fails says in a sentence what was expected.
 * The suite takes one to two seconds.
 */
export function describeTokenProvider<Account extends SandboxAccount>(runner: TestRunner, subject: ProviderUnderTest<Account>): void {
  // Accounts are only passed from the subject's own sandbox to its own `create`.
  const erased = subject as unknown as ProviderUnderTest;
  runner.describe(`${subject.name} keeps the contract of a token provider`, () => {
    describeTokens(runner, erased);
    describeTokenHeaders(runner, erased);
    describeFailures(runner, erased);
    describeSharing(runner, erased);
    describeAccount(runner, erased);
  });
}

function describeTokens({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('tokens', () => {
    it('a new provider sends nothing before a token is requested', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create();
        expectEqual(provider.peekToken(), undefined, 'a new provider has no token');
        // Three requests of our own: what the provider had sent would have arrived before them.
        for (let turn = 0; turn < 3; turn++) await (await request(sandbox.url)).body.dump();
        expectEqual(sandbox.requests.length, 3, 'a new provider sends nothing: the sandbox received only these requests');
      }));

    it('a token may be sent to the origin of the base URL and nowhere else', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create();
        expectEqual(provider.name, subject.name, 'the provider has the name that the suite was told');
        const isBelow = `${provider.baseUrl}/`.startsWith(`${sandbox.url}/`);
        expectThat(
          isBelow,
          `baseUrl of the provider is, or begins with, the one that it was given: ${sandbox.url}, but it is ${provider.baseUrl}`,
        );
        expectEqual([...provider.origins], [new URL(sandbox.url).origin], 'origins has the origin of the base URL alone');
      }));

    it('a path prefix of the base URL is kept by the login', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create({}, { baseUrl: `${sandbox.url}/a/prefix` });
        // Nothing is there that would have to answer.
        await provider.getToken().catch(() => undefined);
        const prefix = new URL(`${sandbox.url}/a/prefix/`).pathname;
        const paths = sandbox.requests.map(({ path }) => path);
        expectThat(paths.length > 0, 'a login is sent below the base URL');
        for (const path of paths)
          expectThat(path.startsWith(prefix), `a login stays below the base URL: ${prefix}…, but it was sent to ${path}`);
      }));

    it('a base URL with plain http is CONFIG unless allowInsecure is set', () =>
      withSandbox(subject, async ({ create, password }) => {
        const isConfigError = (error: unknown): boolean => {
          expectNoSecrets(error, [password], 'an error shows no password');
          return isAuthError(error) && error.code === 'CONFIG';
        };
        const createInsecure = (allowInsecure: boolean) => create({ allowInsecure }, { baseUrl: 'http://192.0.2.1' });
        assert.throws(() => createInsecure(false), isConfigError, 'expected that a base URL with plain http is CONFIG');
        expectEqual([...createInsecure(true).origins], ['http://192.0.2.1'], 'allowInsecure permits a base URL with plain http');
      }));

    it('a token that ends lasts a minute or more: its end is in milliseconds', () =>
      withSandbox(subject, async ({ create }) => {
        const { issuedAt, expiresAt } = await create().getToken();
        const lifetime = (expiresAt ?? Infinity) - issuedAt;
        expectThat(lifetime >= 60_000, `a token lasts a minute or more, but it ends after ${lifetime} ms (are these seconds?)`);
      }));

    it('a thousand concurrent callers and those after them share one login', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const [token, ...others] = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
        expectThat(token !== undefined && others.every((other) => other === token), 'all callers get the same token');
        expectThat((await provider.getToken()) === token, 'those after them get that token, too');
        expectThat(provider.peekToken() === token, 'peekToken returns that token');
        expectEqual(sandbox.logins, 1, 'all callers share one login');
        expectEqual(await call(provider, token), { accepted: true, rejection: false }, 'the vendor accepts the token (see requestHeaders)');
      }));

    it('a printed token does not show its value', () =>
      withSandbox(subject, async ({ create }) => {
        const token = await create().getToken();
        expectNoSecrets(token, secretsOf(token), 'a printed token does not show its value');
        expectNoSecrets({ ...token }, secretsOf(token), 'a copied token does not show its value');
      }));

    it('the password may come from a function', () =>
      withSandbox(subject, async ({ sandbox, create, call, password }) => {
        const provider = create({}, { password: async () => password });
        expectEqual(
          (await call(provider, await provider.getToken())).accepted,
          true,
          'a login works with the password that a function returns',
        );
        expectEqual(sandbox.logins, 1, 'there was one login');
      }));
  });
}

function describeSharing({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('sharing', () => {
    it('a caller that aborts does not end the login of the others', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create();
        const controller = new AbortController();
        const reason = new Error('the caller aborted');
        sandbox.fail({ slow: 50 }, { on: 'login' });
        const gaveUp = failure(provider.getToken({ signal: controller.signal }));
        const waits = provider.getToken();
        // Awaited below, unless an assertion fails before.
        waits.catch(() => undefined);
        controller.abort(reason);
        const error = await gaveUp;
        expectEqual(error.code, 'ABORTED', 'the caller that aborts gets ABORTED');
        expectThat(error.cause === reason, 'the cause of ABORTED is the reason of the signal');
        expectThat((await waits) === (await provider.getToken()), 'the other callers get the token of the login that went on');
        expectEqual(sandbox.logins, 1, 'there was one login');
      }));

    it('providers of one account that share a store log in once', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const store = memoryStore();
        const providers = [create({ store }), create({ store }), create({ store })];
        const [first, ...others] = await Promise.all(providers.map((provider) => provider.getToken()));
        const late = create({ store });
        for (const token of [...others, await late.getToken()]) expectThat(token.value === first?.value, 'all of them have the same token');
        expectEqual(sandbox.logins, 1, 'providers that share a store log in once');
        expectEqual((await call(late, await late.getToken())).accepted, true, 'the vendor accepts a token that came from the store');
      }));

    it('a provider with another password does not get the stored token', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const store = memoryStore();
        await create({ store }).getToken();
        const { code } = await failure(create({ store }, { password: 'wrong' }).getToken());
        expectEqual(code, 'INVALID_CREDENTIALS', 'a stored token is for the password that brought it');
        expectEqual(sandbox.logins, 2, 'the other password was tried');
      }));

    it('the store never sees the password', () =>
      withSandbox(subject, async ({ create, password }) => {
        const seen: string[] = [];
        const store = recording(memoryStore(), seen);
        await create({ store }).getToken();
        expectThat(seen.length > 0, 'a provider with a store uses it (are the options passed on?)');
        const shows = (text: string): boolean => text.includes(password) || text.includes(JSON.stringify(password).slice(1, -1));
        expectThat(!seen.some(shows), 'no key and no value of the store holds the password');
      }));
  });
}

/** A store that records every key and value that it receives. */
function recording(store: TokenStore, seen: string[]): TokenStore {
  return {
    get: (key) => {
      seen.push(key);
      return store.get(key);
    },
    set: (key, value, options) => {
      seen.push(key, value);
      return store.set(key, value, options);
    },
    delete: (key, expected) => {
      seen.push(key, expected ?? '');
      return store.delete(key, expected);
    },
  };
}
