import type { AccessTokenInit } from '../access-token.ts';
import { AuthError, isAuthError } from '../auth-error.ts';
import { redact, safeCause } from '../redact.ts';
import { type LoginContext, outsideLogin, type ScopedLogin, type VendorProtocol } from '../token-provider.ts';
import { checkTokenInit, type FreshToken } from './fresh-token.ts';
import type { ProviderSettings } from './provider-options.ts';
import { retryPause } from './refresh-policy.ts';
import type { VendorClock } from './vendor-clock.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What one login, with its further attempts, works with. */
export interface LoginRun {
  readonly protocol: VendorProtocol;
  readonly settings: ProviderSettings;
  readonly vendorClock: VendorClock;
  readonly room: WaitingRoom;
  readonly secret: string | undefined;
  /** When the whole login must be over, on the monotonic clock; what `regain` takes is added to it. */
  readonly deadline: number;
  /** Makes sure of the lease before the exchange is repeated; what came into the store while it was lost makes that needless. */
  regain(): Promise<FreshToken | undefined>;
  /** Runs the protocol's code so that its requests are known as the login's own, until it has settled. */
  inScope<T>(run: () => Promise<T>): Promise<T>;
  /** Runs within that what is known as a login's by other means. */
  outOfScope<T>(run: () => T): T;
}

/** A login that worked, and how many exchanges it took. */
export interface LoginResult {
  readonly init: AccessTokenInit;
  readonly attempts: number;
}

/** A login that failed so far and was not repeated, because another process's token came meanwhile. */
export interface SparedLogin {
  readonly found: FreshToken;
  readonly failure: AuthError;
}

/**
 * Logs in; after a transient failure again, after a growing pause or the one that the vendor asked for, as long as that fits before the
 * deadline. Behind the callers' backs (a refresh that nobody waits for) one attempt is all: the refresh has pauses of its own.
 *
 * @throws AuthError what the last attempt failed with, free of secrets.
 */
export async function attemptLogin(run: LoginRun): Promise<LoginResult | SparedLogin> {
  const { settings, room } = run;
  let { deadline } = run;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce({ ...run, deadline }, attempt);
    if (!(outcome instanceof AuthError)) return { init: outcome, attempts: attempt };
    const pause = Math.max(outcome.retryAfter ?? 0, retryPause(attempt, settings.random()));
    const mayRepeat = outcome.retryable && room.occupied && attempt <= settings.retries;
    if (!mayRepeat || settings.clock.monotonic() + pause >= deadline) throw outcome;
    await room.sleep(pause);
    if (room.abandoned) throw outcome;
    const began = settings.clock.monotonic();
    const found = await run.regain();
    if (found !== undefined) return { found, failure: outcome };
    deadline += settings.clock.monotonic() - began;
  }
}

async function tryOnce(run: LoginRun, attempt: number): Promise<AccessTokenInit | AuthError> {
  const { protocol, settings, room } = run;
  const left = Math.max(1, Math.min(settings.attemptTimeout, run.deadline - settings.clock.monotonic()));
  const controller = new AbortController();
  try {
    const context = loginContext(run, attempt, controller.signal);
    const login = run.inScope(async () => run.protocol.login(context));
    const init = await room.within(left, login, () => {
      const error = tooLate(
        protocol.name,
        left < settings.attemptTimeout ? `timeout (${settings.timeout} ms)` : `attemptTimeout (${left} ms)`,
      );
      controller.abort(error);
      throw error;
    });
    return checkTokenInit(init, protocol.name);
  } catch (error) {
    return finishError(error, protocol.name, run.secret, attempt);
  }
}

function loginContext(run: LoginRun, attempt: number, signal: AbortSignal): LoginContext & ScopedLogin {
  const { settings, vendorClock, secret } = run;
  return {
    signal,
    ...(secret === undefined ? {} : { secret }),
    ...(settings.dispatcher === undefined ? {} : { dispatcher: settings.dispatcher }),
    attempt,
    now: () => vendorClock.now(),
    reportDate: (date, elapsed) => vendorClock.report(date, elapsed),
    [outsideLogin]: (leave) => run.outOfScope(leave),
  };
}

function tooLate(provider: string, limit: string): AuthError {
  return new AuthError({
    code: 'TIMEOUT',
    provider,
    retryable: true,
    message: `${provider}: the vendor did not answer the login within ${limit}`,
  });
}

/** The error as callers get it: ours, with the count of attempts, and without the secret even where the protocol's author let it in. */
function finishError(error: unknown, provider: string, secret: string | undefined, attempts: number): AuthError {
  const secrets = secret === undefined ? [] : [secret];
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : redact(text, secrets));
  if (!isAuthError(error)) {
    const cause = safeCause(error, secrets);
    return new AuthError({
      code: 'VENDOR_ERROR',
      provider,
      attempts,
      message: `${provider}: the login failed with an error that the provider did not foresee: ${cause.name}: ${cause.message}`,
      cause,
    });
  }
  return new AuthError({
    code: error.code,
    provider: error.provider,
    message: redact(error.message, secrets),
    retryable: error.retryable,
    vendorCode: clean(error.vendorCode),
    vendorMessage: clean(error.vendorMessage),
    status: error.status,
    retryAfter: error.retryAfter,
    attempts,
    reason: error.reason,
    cause: error.cause === undefined ? undefined : safeCause(error.cause, secrets),
  });
}
