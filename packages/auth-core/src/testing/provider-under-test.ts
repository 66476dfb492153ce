import assert from 'node:assert/strict';

import { request } from 'undici';

import type { AccessToken } from '../access-token.ts';
import { type AuthError, isAuthError } from '../auth-error.ts';
import type { TokenProviderOptions } from '../lifecycle/options.ts';
import type { TokenProvider } from '../token-provider.ts';
import { expectEqual, expectNoSecrets, expectThat } from './expectations.ts';
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

/** A call that the sandbox answers with a 2xx for a valid token, and with a rejection for any other. */
export interface ProtectedCall {
  /** The HTTP method. Default: `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Where, below the base URL. Default: the base URL itself. */
  readonly path?: string;
  /** Headers beside those of the token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, sent as it is. */
  readonly body?: string;
}

/** The provider under test. */
export interface ProviderUnderTest<Account extends SandboxAccount = SandboxAccount> {
  /** The expected `name` of the provider. */
  readonly name: string;
  /** Starts the vendor's sandbox, with at least one account. */
  startSandbox(): Promise<Sandbox<Account>>;
  /** Creates a provider. `options` must be passed on unchanged. */
  create(login: ContractLogin<Account>, options: TokenProviderOptions): TokenProvider;
  /** A call that needs a token. Default: `GET` of the base URL. */
  readonly call?: ProtectedCall;
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
  /** Makes the protected call with the headers of the token: whether the vendor accepts it, and whether the provider takes the response for a rejection. */
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
        secrets.push(...secretsOf(token));
        return callVendor(provider, token, subject.call);
      },
      failure: async (promise) => expectFailure(await caught(promise), subject.name, secrets),
    });
  } catch (error) {
    throw inSentence(error, secrets);
  } finally {
    await sandbox.close();
  }
}

/** Where nothing should have failed, the provider's own error does not say what was expected. */
function inSentence(error: unknown, secrets: readonly string[]): unknown {
  if (!isAuthError(error)) return error;
  expectNoSecrets(error, secrets, 'an error shows neither the password nor a token');
  return new assert.AssertionError({ message: `expected that nothing fails here, but there was ${error.code}: ${error.message}` });
}

/** What must not be shown of a token. */
export function secretsOf({ value, extra = {} }: AccessToken): string[] {
  return [value, ...Object.values(extra)];
}

async function callVendor(
  provider: TokenProvider,
  token: AccessToken,
  { method = 'GET', path = '', headers, body }: ProtectedCall = {},
): Promise<{ accepted: boolean; rejection: boolean }> {
  const all = { ...headers, ...provider.requestHeaders(token) };
  const response = await request(provider.baseUrl + path, { method, headers: all, body: body ?? null });
  const status = response.statusCode;
  const rejection = judge(provider, status, (name) => response.headers[name]?.toString(), await response.body.text());
  return { accepted: status >= 200 && status < 300 && !rejection, rejection };
}

/** Shows the body in growing pieces, as the interceptor does, and then the whole. */
function judge(provider: TokenProvider, status: number, header: (name: string) => string | undefined, text: string): boolean {
  let verdict = provider.isRejection({ status, header });
  for (let end = 1; verdict === 'need-body' && end < text.length; end += 7) {
    verdict = provider.isRejection({ status, header, body: text.slice(0, end), complete: false });
  }
  const whole = provider.isRejection({ status, header, body: text, complete: true });
  expectThat(whole !== 'need-body', `isRejection decides once the body is complete (HTTP ${status}), but it returned 'need-body'`);
  if (verdict !== 'need-body')
    expectEqual(verdict, whole, `isRejection says the same of the beginning of a body as of the whole (HTTP ${status})`);
  return whole;
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('expected that the promise rejects with an AuthError, but it was fulfilled');
}

function expectFailure(error: unknown, provider: string, secrets: readonly string[]): AuthError {
  expectNoSecrets(error, secrets, 'an error shows neither the password nor a token');
  expectThat(isAuthError(error), 'whatever fails rejects with an AuthError');
  expectEqual(error.provider, provider, 'an error names its provider');
  return error;
}
