import { isNativeError } from 'node:util/types';

import type { AccessTokenInit } from '../access-token.ts';
import { AuthError, isAuthError } from '../auth-error.ts';
import { errorInOwnWords, ownWordsOf, type ToldError } from '../failure-message.ts';
import { outsideLogin, type ScopedLogin } from '../provider-internals.ts';
import { foreignError, foreignText, repeatsSecret } from '../secret-texts.ts';
import type { LoginContext, VendorProtocol } from '../token-provider.ts';
import type { Account } from './account.ts';
import { isRefusal } from './cooldown.ts';
import type { Login } from './login.ts';
import { longestPause } from './store-entries.ts';
import { checkTokenInit, type VendorToken } from './token.ts';

const passwordFunction = 'the function that returns the password';

/**
 * Asks the protocol for its secret, which the login keeps from then on. The time that takes counts as the login's.
 *
 * @throws AuthError `CONFIG` where that fails or brings no password, `TIMEOUT` where it takes longer than `timeout`. The failure's own message is not
 * repeated, since nobody can say whether it holds the password; but an AuthError is passed on as it is.
 */
export async function askSecret<Result>(login: Login<Result>, { protocol, settings }: Account): Promise<void> {
  if (protocol.secret === undefined) return;
  const began = settings.clock.monotonic();
  const controller = new AbortController();
  const asked = login.inside(async () => protocol.secret?.({ signal: controller.signal }));
  const late = (): never => {
    const error = secretFailure(
      protocol,
      'TIMEOUT',
      `${passwordFunction} took longer than timeout (${settings.timeout} ms): check it`,
      true,
    );
    controller.abort(error);
    throw error;
  };
  let secret: unknown;
  try {
    secret = await login.waiters.within(settings.timeout, asked, late);
  } catch (error) {
    if (isAuthError(error)) throw error;
    const name = isNativeError(error) ? error.name : typeof error;
    const message = `${passwordFunction} threw (${name}): check it; its message is left out, it may hold a secret`;
    throw secretFailure(protocol, 'CONFIG', message, true);
  }
  login.secret = checkSecret(protocol, secret);
  login.secretTime = settings.clock.monotonic() - began;
}

function checkSecret(protocol: VendorProtocol, secret: unknown): string {
  if (typeof secret !== 'string' || secret === '') {
    throw secretFailure(protocol, 'CONFIG', 'password: expected a string that is not empty, or a function that returns one', false);
  }
  if (/[\r\n]$/.test(secret)) {
    throw secretFailure(protocol, 'CONFIG', 'password: it ends in a line break (was it read from a file? trim it)', false);
  }
  return secret;
}

function secretFailure(protocol: VendorProtocol, code: 'CONFIG' | 'TIMEOUT', message: string, retryable: boolean): AuthError {
  return new AuthError({ code, provider: protocol.name, retryable, message: `${protocol.name}: ${message}` });
}

/** What a login came to: what the exchange brought; why it failed; or it failed and was not repeated, because another process's token was found meanwhile. */
export type LoginResult =
  | { readonly init: AccessTokenInit; readonly attempts: number }
  | { readonly failure: AuthError }
  | { readonly found: VendorToken; readonly failure: AuthError };

/**
 * Makes the exchange with the vendor; after a transient failure again, after a growing pause or the one that the vendor asked for, as long as that fits
 * before the deadline (on the monotonic clock). A refresh that nobody waits for makes one attempt: it has pauses of its own. Before each repeat
 * `ensureLease` is asked, whose time does not count; a token that it finds ends the login. Failures are free of secrets.
 *
 * @throws AuthError what `ensureLease` throws: the failure of another process's login.
 */
export async function attemptLogin(
  login: Login,
  account: Account,
  deadline: number,
  ensureLease: () => Promise<VendorToken | undefined>,
): Promise<LoginResult> {
  const { clock, random, retries } = account.settings;
  let end = deadline;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(login, account, end, attempt);
    if (!isAuthError(outcome)) return { init: outcome, attempts: attempt };
    const pause = Math.max(outcome.retryAfter ?? 0, retryPause(attempt, random()));
    const mayRepeat = outcome.retryable && login.waiters.any && attempt <= retries;
    if (!mayRepeat || clock.monotonic() + pause >= end) return { failure: outcome };
    await login.waiters.sleep(pause);
    if (login.waiters.allLeft) return { failure: outcome };
    const began = clock.monotonic();
    const found = await ensureLease();
    if (found !== undefined) return { found, failure: outcome };
    end += clock.monotonic() - began;
  }
}

/** The pause after the nth failed attempt, in milliseconds: 200, doubling, up to 2,000; jitter takes away up to a half. */
function retryPause(attempt: number, random: number): number {
  return Math.min(200 * 2 ** (attempt - 1), 2_000) * (1 - random / 2);
}

async function attemptOnce(login: Login, account: Account, deadline: number, attempt: number): Promise<AccessTokenInit | AuthError> {
  const { protocol, settings } = account;
  const left = Math.max(1, Math.min(settings.attemptTimeout, deadline - settings.clock.monotonic()));
  const controller = new AbortController();
  try {
    const exchange = login.inside(async () => protocol.login(loginContext(login, account, attempt, controller.signal)));
    const init = await login.waiters.within(left, exchange, () => {
      const error = tooLate(account, left, attempt);
      controller.abort(error);
      return refusalOr(exchange, error);
    });
    return checkTokenInit(init, protocol.name);
  } catch (error) {
    return finishError(error, protocol.name, login.secrets(), attempt);
  }
}

/**
 * Throws the refusal that an aborted exchange ends with, or else the error. A refusal is known by the head of its answer: while its body stalls, the time of
 * the attempt may be over, and the credentials must not be sent again.
 */
async function refusalOr(exchange: Promise<unknown>, error: AuthError): Promise<never> {
  try {
    await Promise.race([exchange, new Promise((resolve) => setImmediate(resolve))]);
  } catch (failure) {
    if (isAuthError(failure) && isRefusal(failure)) throw failure;
  }
  throw error;
}

function loginContext(login: Login, account: Account, attempt: number, signal: AbortSignal): LoginContext & ScopedLogin {
  const { settings, vendorClock } = account;
  return {
    signal,
    ...(login.secret === undefined ? {} : { secret: login.secret }),
    ...(settings.dispatcher === undefined ? {} : { dispatcher: settings.dispatcher }),
    attempt,
    now: () => vendorClock.now(),
    reportDate: (date, elapsed) => vendorClock.report(date, elapsed),
    [outsideLogin]: (run) => login.outside(run),
  };
}

function tooLate({ protocol, settings }: Account, left: number, attempt: number): AuthError {
  const { name: provider, baseUrl } = protocol;
  const limit = left < settings.attemptTimeout ? `timeout (${settings.timeout} ms)` : `attemptTimeout (${left} ms)`;
  const which = `${limit}, attempt ${attempt} of ${settings.retries + 1}`;
  const message = `${provider}: login timed out: no answer from ${baseUrl} within ${which}: try later, or raise it`;
  return errorInOwnWords({ code: 'TIMEOUT', provider, retryable: true, message });
}

/** The error as callers get it: ours, with the count of attempts, and without a secret even where the protocol's author let one in. */
function finishError(error: unknown, provider: string, secrets: readonly string[], attempts: number): AuthError {
  if (isAuthError(error)) return finishAuthError(error, secrets, attempts);
  const cause = foreignError(error, secrets);
  const message = `${provider}: unexpected error in the provider's login (a bug in the provider?): ${cause.name}: ${cause.message}`;
  return new AuthError({ code: 'VENDOR_ERROR', provider, attempts, message, cause });
}

/** What a vendor said is judged once more: here more secrets are known than where the answer was read. */
function finishAuthError(error: ToldError, secrets: readonly string[], attempts: number): AuthError {
  const own = ownWordsOf(error);
  const vendorMessage = foreignText(error.vendorMessage, secrets);
  const isLeftOut = own?.isLeftOut === true || (error.vendorMessage !== undefined && vendorMessage === undefined);
  const message =
    own?.own ?? (repeatsSecret(error.message, secrets) ? `${error.provider}: the login failed with ${error.code}` : error.message);
  return errorInOwnWords(
    {
      ...error,
      message,
      attempts,
      cause: error.cause === undefined ? undefined : foreignError(error.cause, secrets),
    },
    {
      // One that our helper let through is a documented one, or was judged.
      vendorCode: own === undefined ? foreignText(error.vendorCode, secrets) : error.vendorCode,
      vendorMessage,
      retryAfter: error.retryAfter === undefined ? undefined : Math.min(error.retryAfter, longestPause),
      isLeftOut: isLeftOut || (own === undefined && message !== error.message),
    },
  );
}
