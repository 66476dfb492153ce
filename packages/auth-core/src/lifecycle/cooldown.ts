import { AuthError, type AuthErrorCode } from '../auth-error.ts';
import { type Account, randomKey, tagOf } from './account.ts';

/** A failure that says no to the credentials: they must not be tried again as they are. */
export type RefusalError = AuthError & { readonly code: 'INVALID_CREDENTIALS' | 'NOT_ALLOWED' };

export function isRefusal(error: AuthError): error is RefusalError {
  return error.code === 'INVALID_CREDENTIALS' || error.code === 'NOT_ALLOWED';
}

/** What a vendor said when it refused credentials, and until when they are not tried again. */
export interface Refusal {
  readonly code: RefusalError['code'];
  readonly vendorCode?: string | undefined;
  readonly vendorMessage?: string | undefined;
  /** How often the same credentials have been refused in a row. */
  readonly count: number;
  /** When the cooldown ends, on the monotonic clock. */
  readonly until: number;
}

/** Why no login is made, and how many milliseconds of that are left. */
export interface Pause {
  readonly reason: AuthErrorCode;
  readonly left: number;
}

/** A pause of the account, whatever the password. */
interface AccountPause {
  /** On the monotonic clock. */
  readonly until: number;
  readonly error: AuthError;
  /** `asked`: by the vendor; a login may begin with waiting for its end. `failed`: the last login did. `refused`: too many passwords were. */
  readonly why: 'asked' | 'failed' | 'refused';
}

/** What a failed login means for the next one: a pause of so many milliseconds, 0 where there is none. */
export interface Aftermath {
  /** After a refusal that of the refused credentials. */
  readonly pause: number;
  /** That of the account, where too many passwords were refused; either may be the longer one. */
  readonly accountPause?: number;
  /** How many logins in a row failed for good, this one included; 0 where this is none of them. */
  readonly failures: number;
  readonly refusal?: Refusal;
}

const hour = 3_600_000;
/** A function that returns wrong passwords in turn must not get each of them tried: after so many refusals the account pauses as such. */
const maxRefusals = 5;
/** What is remembered of credentials: more than are tried before the account pauses. */
const maxRemembered = 8;
/** The pauses after logins that failed for good: a second, doubling, up to a minute. */
const firstPause = 1_000;
const longestFailurePause = 60_000;

/** When no login may be made: after refused credentials, after a login that failed for good, and where the vendor asks for a pause. */
export class Cooldown {
  readonly #account: Account;
  #refusals: Refusals | undefined;
  #pause: AccountPause | undefined;
  #failures = 0;
  /** When the last login failed, by the vendor's time. */
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(account: Account) {
    this.#account = account;
  }

  /** @throws AuthError `COOLING_DOWN` where no login may be made now; a pause that the vendor asked for may take less than `wait` milliseconds. */
  check(secret: string, wait: number): void {
    const { provider } = this.#account.eventFields;
    const refused = this.#refusals?.find(secret);
    const now = this.#monotonic();
    // The longer one: while the account pauses, a new password is not tried, either.
    if (refused !== undefined && refused.until > Math.max(now, this.#pause?.until ?? now)) {
      throw coolingDown(provider, refused, refused.until - now, 'credentials');
    }
    if (this.#pause === undefined || now >= this.#pause.until) return;
    const { until, error, why } = this.#pause;
    if (why !== 'asked' || until - now >= wait) throw coolingDown(provider, error, until - now, why);
  }

  /** Milliseconds until the vendor may be asked again. */
  pauseLeft(): number {
    return this.#pause === undefined ? 0 : Math.max(0, this.#pause.until - this.#monotonic());
  }

  /** The longest pause that is left: of these credentials, if they are known, of the account, or the one that others know of. */
  longest(other: Pause | undefined, secret: string | undefined): Pause | undefined {
    const now = this.#monotonic();
    const refused = secret === undefined ? undefined : this.#refusals?.find(secret);
    const pauses = [
      other,
      refused && { reason: refused.code, left: refused.until - now },
      this.#pause && { reason: this.#pause.error.code, left: this.#pause.until - now },
    ];
    return pauses.filter((pause) => pause !== undefined && pause.left > 0).toSorted((a, b) => (b?.left ?? 0) - (a?.left ?? 0))[0];
  }

  /** How many refusals of whatever passwords came within an hour since the last success, one more included. */
  get nextRefusalCount(): number {
    return (this.#refusals?.countWithin(hour, this.#monotonic()) ?? 0) + 1;
  }

  /** Takes from a failed login when the next one may be made. `refusals`: how many the fleet counts, this one included. */
  recordFailure(error: AuthError, secret: string, refusals = this.nextRefusalCount): Aftermath {
    this.#failedAt = this.#account.vendorClock.now();
    if (isRefusal(error)) return this.#refused(error, secret, refusals);
    const { retryAfter = 0, retryable, code } = error;
    if (retryAfter > 0) return this.#pauseFor(Math.min(retryAfter, hour), error, 'asked');
    if (retryable || (code !== 'VENDOR_ERROR' && code !== 'BAD_RESPONSE')) return { pause: 0, failures: 0 };
    this.#failures += 1;
    return this.#pauseFor(Math.min(firstPause * 2 ** (this.#failures - 1), longestFailurePause), error, 'failed');
  }

  /** Takes over what another process learnt of these credentials. */
  remember(secret: string, refusal: Refusal): void {
    (this.#refusals ??= new Refusals()).remember(secret, refusal);
  }

  /** Takes over how many refusals the fleet counts within an hour, whatever the passwords, the last one `since` milliseconds ago. */
  rememberAccount(refusals: number, since: number): void {
    const left = refusals >= maxRefusals ? this.#cooldownAfter(refusals) - since : 0;
    if (left <= this.pauseLeft()) return;
    const { provider } = this.#account.eventFields;
    this.#pauseFor(left, new AuthError({ code: 'INVALID_CREDENTIALS', provider, message: '' }), 'refused');
  }

  /** Takes over another process's failure: what is left of its pause, and how many in a row have failed for good, 0 where the vendor asked for the pause. */
  rememberFailure(left: number, failures: number, error: AuthError): void {
    this.#failures = Math.max(this.#failures, failures);
    if (left > this.pauseLeft()) this.#pauseFor(left, error, failures > 0 ? 'failed' : 'asked');
  }

  #pauseFor(pause: number, error: AuthError, why: AccountPause['why']): Aftermath {
    this.#pause = { until: this.#monotonic() + pause, error, why };
    return { pause, failures: why === 'failed' ? this.#failures : 0 };
  }

  /** Another process's login with these credentials succeeded at this time of the vendor's: what failed before no longer counts. */
  clearBefore(succeededAt: number, secret: string): void {
    if (succeededAt > this.#failedAt) this.clear(secret);
  }

  /** A login succeeded: earlier refusals of these credentials no longer count. */
  clear(secret: string): void {
    this.#pause = undefined;
    this.#failures = 0;
    this.#refusals?.forget(secret);
    this.#refusals?.startAnew();
  }

  /** Forgets all refusals and pauses: the next login is made at once. */
  reset(): void {
    this.#refusals = undefined;
    this.#pause = undefined;
    this.#failures = 0;
  }

  /** The cooldown of the same credentials doubles with each refusal in a row; so does the pause of the account from the fifth on. */
  #refused(error: RefusalError, secret: string, refusals: number): Aftermath {
    const { code, vendorCode, vendorMessage } = error;
    const now = this.#monotonic();
    const count = (this.#refusals?.find(secret)?.count ?? 0) + 1;
    const pause = this.#cooldownAfter(count);
    const refusal = { code, vendorCode, vendorMessage, count, until: now + pause };
    this.remember(secret, refusal);
    this.#refusals?.recordRefusal(now);
    if (refusals < maxRefusals) return { pause, refusal, failures: 0 };
    const { pause: accountPause } = this.#pauseFor(this.#cooldownAfter(refusals), error, 'refused');
    return { pause, accountPause, refusal, failures: 0 };
  }

  /** The cooldown after the nth refusal, in milliseconds: doubling, up to an hour. */
  #cooldownAfter(refusals: number): number {
    const { cooldown } = this.#account.settings;
    return Math.min(cooldown * 2 ** (refusals - 1), Math.max(cooldown, hour));
  }

  #monotonic(): number {
    return this.#account.settings.clock.monotonic();
  }
}

/** Which credentials were refused: remembered under a random key, never as they are; and when refusals came, of whatever credentials. */
class Refusals {
  readonly #key = randomKey();
  readonly #entries = new Map<string, Refusal>();
  #instants: number[] = [];

  /** What is remembered of these credentials, also after the cooldown has ended. */
  find(secret: string): Refusal | undefined {
    return this.#entries.get(tagOf(secret, this.#key));
  }

  remember(secret: string, refusal: Refusal): void {
    const tag = tagOf(secret, this.#key);
    this.#entries.delete(tag);
    this.#entries.set(tag, refusal);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxRemembered && oldest !== undefined) this.#entries.delete(oldest);
  }

  forget(secret: string): void {
    this.#entries.delete(tagOf(secret, this.#key));
  }

  recordRefusal(monotonic: number): void {
    this.#instants = [...this.#instants, monotonic].slice(-maxRefusals * 4);
  }

  countWithin(duration: number, monotonic: number): number {
    return this.#instants.filter((instant) => monotonic - instant < duration).length;
  }

  startAnew(): void {
    this.#instants = [];
  }
}

/** The error of a login that is not even tried; `left` is how many milliseconds of the pause are left. */
function coolingDown(provider: string, cause: Refusal | AuthError, left: number, why: AccountPause['why'] | 'credentials'): AuthError {
  const { code: reason, vendorCode, vendorMessage } = cause;
  const vendorStatus = 'vendorStatus' in cause ? cause.vendorStatus : undefined;
  const retryAfter = Math.ceil(left);
  const seconds = Math.ceil(left / 1_000);
  const said = vendorStatus === undefined ? '' : ` (it had answered HTTP ${vendorStatus})`;
  const sentences = {
    credentials: `these credentials were refused (${reason}); correct them (a new password is tried at once) or wait ${seconds} s`,
    refused: `this account was refused ${maxRefusals} times, each within an hour of the one before (${reason}): correct the credentials, then call forget() or wait ${seconds} s`,
    asked: `the vendor asked for a pause, ${seconds} s are left${said}`,
    failed: `the last login failed (${reason}): correct what its error said, then call forget() or wait ${seconds} s`,
  };
  return new AuthError({
    code: 'COOLING_DOWN',
    provider,
    reason,
    vendorCode,
    vendorMessage,
    vendorStatus,
    retryAfter,
    retryable: why === 'asked' || why === 'failed',
    message: `${provider}: login not attempted: ${sentences[why]}`,
  });
}
