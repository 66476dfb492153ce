import assert from 'node:assert/strict';

import { request } from 'undici';

import { isAuthError } from '../auth-error.ts';
import { assertNoSecrets } from './assert-no-secrets.ts';
import { describeFailures } from './provider-contract-failures.ts';
import { describeRefusals } from './provider-contract-refusals.ts';
import { describeSharing } from './provider-contract-sharing.ts';
import type { ProviderUnderTest, SandboxAccount } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { withSandbox } from './with-sandbox.ts';

/**
 * What every provider must do, as a suite for any test runner:
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
 * Each test starts a sandbox of its own. The whole takes a second or two.
 */
export function describeTokenProvider<Account extends SandboxAccount>(runner: TestRunner, subject: ProviderUnderTest<Account>): void {
  // Accounts only travel from the subject's own sandbox back into its own `create`.
  const erased = subject as unknown as ProviderUnderTest;
  runner.describe(`${subject.name} keeps the contract of a token provider`, () => {
    describeTokens(runner, erased);
    describeRefusals(runner, erased);
    describeFailures(runner, erased);
    describeSharing(runner, erased);
  });
}

function describeTokens({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('tokens', () => {
    it('are not asked for before somebody wants one', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create();
        assert.equal(provider.peekToken(), undefined);
        // What was sent before these requests has come before them.
        for (let turn = 0; turn < 3; turn++) await (await request(sandbox.url)).body.dump();
        assert.equal(sandbox.requests.length, 3);
      }));

    it('may go to the origin of the base URL and nowhere else', () =>
      withSandbox(subject, async ({ sandbox, create }) => {
        const provider = create();
        assert.equal(provider.name, subject.name);
        assert.deepEqual([...provider.origins], [new URL(sandbox.url).origin]);
      }));

    it('do not travel in the clear', () =>
      withSandbox(subject, async ({ create, password }) => {
        const isConfigError = (error: unknown): boolean => {
          assertNoSecrets(error, [password]);
          return isAuthError(error) && error.code === 'CONFIG';
        };
        assert.throws(() => create({}, { baseUrl: 'http://192.0.2.1' }), isConfigError);
        assert.deepEqual([...create({ allowInsecure: true }, { baseUrl: 'http://192.0.2.1' }).origins], ['http://192.0.2.1']);
      }));

    it('cost one login, whoever asks and however many', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const [token, ...others] = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
        assert.ok(token !== undefined && others.every((other) => other === token));
        assert.equal(await provider.getToken(), token);
        assert.equal(provider.peekToken(), token);
        assert.equal(sandbox.logins, 1);
        assert.deepEqual(await call(provider, token), { accepted: true, rejection: false });
      }));

    it('do not show when they are printed', () =>
      withSandbox(subject, async ({ create }) => {
        const token = await create().getToken();
        assertNoSecrets(token, [token.value]);
        assertNoSecrets({ ...token }, [token.value]);
      }));

    it('come with a password that a function is asked for', () =>
      withSandbox(subject, async ({ sandbox, create, call, password }) => {
        const provider = create({}, { password: async () => password });
        assert.equal((await call(provider, await provider.getToken())).accepted, true);
        assert.equal(sandbox.logins, 1);
      }));
  });
}
