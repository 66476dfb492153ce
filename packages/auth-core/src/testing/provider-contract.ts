import assert from 'node:assert/strict';

import { request } from 'undici';

import { isAuthError } from '../auth-error.ts';
import { memoryStore } from '../stores/memory-store.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { assertNoSecrets } from './assert-no-secrets.ts';
import { describeFailures } from './provider-contract-failures.ts';
import { type ProviderUnderTest, type SandboxAccount, withSandbox } from './provider-under-test.ts';
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
 *   resource: '/v1/me',
 * });
 * ```
 *
 * Each test starts its own sandbox. The suite takes one to two seconds.
 */
export function describeTokenProvider<Account extends SandboxAccount>(runner: TestRunner, subject: ProviderUnderTest<Account>): void {
  // Accounts are only passed from the subject's own sandbox to its own `create`.
  const erased = subject as unknown as ProviderUnderTest;
  runner.describe(`${subject.name} keeps the contract of a token provider`, () => {
    describeTokens(runner, erased);
    describeFailures(runner, erased);
    describeSharing(runner, erased);
  });
}

function describeTokens({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('tokens', () => {
    it('a new provider sends nothing before a token is requested', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create();
        assert.equal(provider.peekToken(), undefined);
        // Three requests of our own: what the provider had sent would have arrived before them.
        for (let turn = 0; turn < 3; turn++) await (await request(sandbox.url)).body.dump();
        assert.equal(sandbox.requests.length, 3);
      }));

    it('a token may be sent to the origin of the base URL and nowhere else', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create();
        assert.equal(provider.name, subject.name);
        assert.deepEqual([...provider.origins], [new URL(sandbox.url).origin]);
      }));

    it('a base URL with plain http is CONFIG unless allowInsecure is set', () =>
      withSandbox(subject, async ({ create, password }) => {
        const isConfigError = (error: unknown): boolean => {
          assertNoSecrets(error, [password]);
          return isAuthError(error) && error.code === 'CONFIG';
        };
        assert.throws(() => create({}, { baseUrl: 'http://192.0.2.1' }), isConfigError);
        assert.deepEqual([...create({ allowInsecure: true }, { baseUrl: 'http://192.0.2.1' }).origins], ['http://192.0.2.1']);
      }));

    it('a thousand concurrent callers and those after them share one login', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const [token, ...others] = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
        assert.ok(token !== undefined && others.every((other) => other === token));
        assert.equal(await provider.getToken(), token);
        assert.equal(provider.peekToken(), token);
        assert.equal(sandbox.logins, 1);
        assert.deepEqual(await call(provider, token), { accepted: true, rejection: false });
      }));

    it('a printed token does not show its value', () =>
      withSandbox(subject, async ({ create }) => {
        const token = await create().getToken();
        assertNoSecrets(token, [token.value]);
        assertNoSecrets({ ...token }, [token.value]);
      }));

    it('the password may come from a function', () =>
      withSandbox(subject, async ({ sandbox, create, call, password }) => {
        const provider = create({}, { password: async () => password });
        assert.equal((await call(provider, await provider.getToken())).accepted, true);
        assert.equal(sandbox.logins, 1);
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
        assert.equal(error.code, 'ABORTED');
        assert.equal(error.cause, reason);
        assert.equal(await waits, await provider.getToken());
        assert.equal(sandbox.logins, 1);
      }));

    it('providers of one account that share a store log in once', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const store = memoryStore();
        const providers = [create({ store }), create({ store }), create({ store })];
        const [first, ...others] = await Promise.all(providers.map((provider) => provider.getToken()));
        const late = create({ store });
        assert.ok(first !== undefined);
        for (const token of [...others, await late.getToken()]) assert.equal(token.value, first.value);
        assert.equal(sandbox.logins, 1);
        assert.equal((await call(late, await late.getToken())).accepted, true);
      }));

    it('a provider with another password does not get the stored token', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const store = memoryStore();
        await create({ store }).getToken();
        assert.equal((await failure(create({ store }, { password: 'wrong' }).getToken())).code, 'INVALID_CREDENTIALS');
        assert.equal(sandbox.logins, 2);
      }));

    it('the store never sees the password', () =>
      withSandbox(subject, async ({ create, password }) => {
        const seen: string[] = [];
        const store = recording(memoryStore(), seen);
        await create({ store }).getToken();
        assert.ok(seen.length > 0);
        assert.ok(!seen.some((text) => text.includes(password) || text.includes(JSON.stringify(password).slice(1, -1))));
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
