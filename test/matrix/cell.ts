import { type AccessToken, type AuthError, isAuthError, type TokenProvider, type TokenProviderOptions } from '@x/auth-core';
import { inspect } from 'node:util';

import type { Sandbox, SandboxAccount } from '@x/auth-core/testing';
import { Agent, request } from 'undici';

import { type Fault, forVendor, type LoginExpectation, retries } from './fault.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { showsSecret } from './secrets.ts';
import type { Vendor } from './vendors.ts';

/** One thing to try. */
export interface Cell {
  readonly name: string;
  /** Resolves with what is wrong: nothing, as it should be. */
  run(): Promise<readonly string[]>;
}

/** A vendor's sandbox behind a gateway, and providers for it. */
export interface Place extends AsyncDisposable {
  readonly vendor: Vendor;
  readonly sandbox: Sandbox<SandboxAccount>;
  readonly gateway: Gateway;
  /** Opens another way to the same sandbox. */
  openGateway(): Promise<Gateway>;
  createProvider(fault: Pick<Fault, 'slow'>, options?: TokenProviderOptions): TokenProvider;
}

export async function openPlace(vendor: Vendor, elsewhere: string): Promise<Place> {
  const sandbox = await vendor.startSandbox();
  const gateway = await startGateway(vendor, sandbox, elsewhere);
  const dispatcher = new Agent();
  return {
    vendor,
    sandbox,
    gateway,
    openGateway: () => startGateway(vendor, sandbox, elsewhere),
    createProvider: ({ slow = 'request' }, options) =>
      vendor.createProvider(gateway.url, {
        ...(slow === 'request' ? { attemptTimeout: 10_000, timeout: 30_000 } : { attemptTimeout: 400, timeout: 2_000 }),
        retries,
        // The shortest pause between two attempts.
        random: () => 0.999,
        dispatcher,
        ...options,
      }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await sandbox.close();
      await dispatcher.destroy();
    },
  };
}

/** The most that a login or a request of a cell may take, in milliseconds: its own limits end it long before, on whatever busy machine. */
export const mostTime = 8_000;

/** What a login came to. */
export interface LoginResult {
  readonly token?: AccessToken;
  readonly error?: unknown;
  readonly exchanges: number;
}

export async function logIn({ gateway }: Place, run: () => Promise<AccessToken>): Promise<LoginResult> {
  const before = gateway.logins;
  try {
    const token = await run();
    return { token, exchanges: gateway.logins - before };
  } catch (error) {
    return { error, exchanges: gateway.logins - before };
  }
}

export function expectationsOf(fault: Fault, vendor: Vendor): readonly LoginExpectation[] {
  return Array.isArray(fault.login)
    ? (fault.login as readonly LoginExpectation[])
    : [forVendor(fault.login as LoginExpectation, vendor.name)];
}

/** What is wrong with a login: nothing, if it came to one of what is expected. */
export function judgeLogin(expected: readonly LoginExpectation[], result: LoginResult, tokens: Iterable<string>): string[] {
  const differences = expected.map((each) => differencesOf(each, result));
  const wrong = differences.some((each) => each.length === 0) ? [] : (differences[0] ?? []);
  const shows = result.error !== undefined && showsSecret(result.error, tokens) ? ['SECRET in the error of the login'] : [];
  return [...wrong, ...shows];
}

function differencesOf(expected: LoginExpectation, { token, error, exchanges }: LoginResult): string[] {
  const counted = exchanges === expected.exchanges ? [] : [`${exchanges} exchanges instead of ${expected.exchanges}`];
  if ('works' in expected) return token === undefined ? [`${tell(error)} instead of a token`, ...counted] : counted;
  if (error === undefined) return [`a token instead of ${expected.code}`, ...counted];
  if (!isAuthError(error)) return [`no AuthError: ${tell(error)}`];
  return [...fieldsOf(expected, error), ...counted];
}

function fieldsOf({ code, vendorStatus, retryAfter, saysNothing }: Exclude<LoginExpectation, { works: true }>, error: AuthError): string[] {
  const checks: readonly (readonly [isRight: boolean, what: string])[] = [
    [error.code === code, `${tell(error)} instead of ${code}`],
    [vendorStatus === undefined || error.vendorStatus === vendorStatus, `vendorStatus ${error.vendorStatus} instead of ${vendorStatus}`],
    [retryAfter === undefined || error.retryAfter === retryAfter, `retryAfter ${error.retryAfter} instead of ${retryAfter}`],
    [saysNothing === undefined || error.vendorMessage === undefined, 'words of the vendor that repeat a secret'],
    [saysNothing === undefined || error.message.includes('left out'), 'not told that the words of the vendor are left out'],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, what]) => what);
}

function tell(error: unknown): string {
  return isAuthError(error) ? `${error.code} (${error.message})` : inspect(error);
}

/** Whether a provider works once the vendor does: a new token that the vendor itself takes. */
export async function worksAfterwards(place: Place, provider: TokenProvider): Promise<string[]> {
  const { gateway, vendor } = place;
  await gateway.calm();
  await provider.forget();
  const token = await patiently(() => provider.getToken());
  const dispatcher = new Agent();
  try {
    const response = await request(gateway.url + vendor.callPath, { headers: provider.requestHeaders(token), dispatcher });
    const text = await response.body.text();
    const isGood = response.statusCode === 200 && !/"(?:status|result_code)":(?:401|"94")/.test(text);
    return [
      ...(isGood ? [] : ['the next token is none of the vendor']),
      ...(showsSecret([token, await provider.status()], gateway.tokens) ? ['SECRET in a token as it is printed, or in the status'] : []),
    ];
  } finally {
    await dispatcher.destroy();
  }
}

/** A short timeout may be too short for a good answer on a busy machine. */
export async function patiently<T>(run: () => Promise<T>, triesLeft = 10): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (triesLeft === 0 || !isAuthError(error) || error.code !== 'TIMEOUT') throw error;
    return patiently(run, triesLeft - 1);
  }
}

/** What is wrong with the time that something takes. */
export async function timed(most: number, run: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const began = performance.now();
  const wrong = await run();
  const took = Math.round(performance.now() - began);
  return took <= most ? wrong : [...wrong, `took ${took} ms, at most ${most} are expected`];
}
