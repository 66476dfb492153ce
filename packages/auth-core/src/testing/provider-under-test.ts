import assert from 'node:assert/strict';

import { request } from 'undici';

import { type AccessToken, formatAuthorization } from '../access-token.ts';
import { type AuthError, isAuthError } from '../auth-error.ts';
import type { TokenProviderOptions } from '../lifecycle/options.ts';
import type { TokenProvider } from '../token-provider.ts';
import { assertNoSecrets } from './assert-no-secrets.ts';
import type { Fault } from './fault.ts';
import type { Sandbox } from './sandbox.ts';

/** An account of a sandbox, whose password can be changed. */
export interface SandboxAccount {
  /** The password that a login must send. */
  password: string;
}

/** The account and the address that a provider under test logs in with. */
export interface ContractLogin<Account extends SandboxAccount = SandboxAccount> {
  /** The base URL of the sandbox. */
  readonly baseUrl: string;
  /** The account of the sandbox. */
  readonly account: Account;
  /** The password to log in with, in place of the account's own. */
  readonly password: string | (() => string | Promise<string>);
}

/** The provider under test. */
export interface ProviderUnderTest<Account extends SandboxAccount = SandboxAccount> {
  /** The expected `name` of the provider. */
  readonly name: string;
  /** Starts the vendor's sandbox, with at least one account. */
  startSandbox(): Promise<Sandbox<Account>>;
  /** Creates a provider. `options` must be passed on unchanged. */
  create(login: ContractLogin<Account>, options: TokenProviderOptions): TokenProvider;
  /** The path of a protected resource of the sandbox: `GET` returns 200 for a valid token. */
  readonly resource: string;
  /** Error responses of a protected call that do not reject the token: the vendor's own errors. */
  readonly otherErrors?: readonly Fault[];
}

/** A password with characters that are special in JSON, URLs, forms, HTML and regular expressions. */
const password = 'pä"s\\s</w>&\'o+r%d {$1}*';

/** A sandbox with one account, and providers for it. */
export interface Stage {
  readonly sandbox: Sandbox<SandboxAccount>;
  readonly password: string;
  /** Creates a provider, with `retries: 0` unless `options` has another value. */
  readonly create: (options?: TokenProviderOptions, login?: Partial<ContractLogin>) => TokenProvider;
  /** Sends the token to the protected resource: whether the vendor accepts it, and whether the provider takes the response for a rejection. */
  readonly call: (provider: TokenProvider, token: AccessToken) => Promise<{ accepted: boolean; rejection: boolean }>;
  /** The error that a promise rejects with. Asserts that it is an AuthError of this provider without a secret. */
  readonly failure: (promise: Promise<unknown>) => Promise<AuthError>;
}

/** Starts a sandbox, runs a test on it and closes it, also if the test fails. */
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
  assert.notEqual(whole, 'need-body', 'isRejection returns need-body although the body is complete');
  if (verdict !== 'need-body')
    assert.equal(verdict, whole, 'isRejection returns another result for the beginning of a body than for the whole');
  return { accepted: status === 200 && whole === false, rejection: whole === true };
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('the promise should have rejected');
}

function assertFailure(error: unknown, provider: string, secrets: readonly string[]): AuthError {
  assertNoSecrets(error, secrets);
  assert.ok(isAuthError(error), 'the error is not an AuthError');
  assert.equal(error.provider, provider);
  return error;
}
