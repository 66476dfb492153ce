import assert from 'node:assert/strict';

import { request } from 'undici';

import { type AccessToken, formatAuthorization } from '../access-token.ts';
import { type AuthError, isAuthError } from '../auth-error.ts';
import type { TokenProviderOptions } from '../lifecycle/options.ts';
import type { TokenProvider } from '../token-provider.ts';
import { assertNoSecrets } from './assert-no-secrets.ts';
import type { ContractLogin, ProviderUnderTest, SandboxAccount } from './provider-under-test.ts';
import type { Sandbox } from './sandbox.ts';

/** A password of characters that JSON, URLs, forms, HTML and regular expressions escape. */
const password = 'pä"s\\s</w>&\'o+r%d {$1}*';

/** One sandbox with one account, and providers for it. */
export interface Stage {
  readonly sandbox: Sandbox<SandboxAccount>;
  readonly password: string;
  /** A provider that never repeats an attempt, unless `options` says otherwise. */
  readonly create: (options?: TokenProviderOptions, login?: Partial<ContractLogin>) => TokenProvider;
  /** Sends the token to the protected resource: whether the vendor takes it, and what the provider makes of the answer. */
  readonly call: (provider: TokenProvider, token: AccessToken) => Promise<{ accepted: boolean; rejection: boolean }>;
  /** The error that a promise must fail with. Asserts that it is an AuthError of this provider and holds no secret. */
  readonly failure: (promise: Promise<unknown>) => Promise<AuthError>;
}

/** Starts a sandbox, runs a test on it and stops it, whatever comes of it. */
export async function withSandbox(subject: ProviderUnderTest, test: (stage: Stage) => Promise<void>): Promise<void> {
  const sandbox = await subject.startSandbox();
  const [account] = sandbox.accounts;
  account.password = password;
  const secrets = [password];
  try {
    await test({
      sandbox,
      password,
      create: (options, login) => subject.create({ baseUrl: sandbox.url, account, password, ...login }, { retries: 0, ...options }),
      call: (provider, token) => {
        secrets.push(token.value);
        return callResource(provider, token, new URL(sandbox.url + subject.resource));
      },
      failure: async (promise) => assertFailure(await caught(promise), subject.name, secrets),
    });
  } finally {
    await sandbox.close();
  }
}

async function callResource(provider: TokenProvider, token: AccessToken, url: URL): Promise<{ accepted: boolean; rejection: boolean }> {
  const { statusCode: status, headers, body } = await request(url, { headers: { authorization: formatAuthorization(token) } });
  const text = await body.text();
  const header = (name: string): string | undefined => headers[name]?.toString();
  let verdict = provider.isRejection({ status, header });
  for (let end = 1; verdict === 'need-body' && end < text.length; end += 7) {
    verdict = provider.isRejection({ status, header, body: text.slice(0, end), complete: false });
  }
  const whole = provider.isRejection({ status, header, body: text, complete: true });
  assert.notEqual(whole, 'need-body', 'isRejection asks for more of a body that is complete');
  if (verdict !== 'need-body') assert.equal(verdict, whole, 'isRejection judges the beginning of a body otherwise than the whole');
  return { accepted: status === 200 && whole === false, rejection: whole === true };
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('this had to fail');
}

function assertFailure(error: unknown, provider: string, secrets: readonly string[]): AuthError {
  assertNoSecrets(error, secrets);
  assert.ok(isAuthError(error), 'it failed with something that is no AuthError');
  assert.equal(error.provider, provider);
  return error;
}
