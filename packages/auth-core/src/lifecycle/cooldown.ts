import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { AuthError, type AuthErrorCode } from '../auth-error.ts';
import type { Account } from './account.ts';

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

/** A function that hands out several wrong passwords in turn must not get each of them tried each time. */
const maxRemembered = 8;

const hour = 3_600_000;

/** When no login may be made: credentials that were refused have a cooldown, and the vendor may ask for a pause. */
export class Cooldown {
  readonly #account: Account;
  #refusals: Refusals | undefined;
  #pause: { readonly until: number; readonly error: AuthError } | undefined;

  constructor(account: Account) {
    this.#account = account;
  }

  /** @throws AuthError `COOLING_DOWN` where these credentials must not be tried now, or the vendor's pause takes `wait` milliseconds or more. */
  check(credentials: string, wait: number): void {
    const now = this.#account.settings.clock.monotonic();
    const refused = this.#refusals?.find(credentials);
    if (refused !== undefined && now < refused.until) throw coolingDown(this.#account.sender.provider, refused, refused.until - now);
    const left = this.pauseLeft();
    if (this.#pause !== undefined && left > 0 && left >= wait) throw coolingDown(this.#account.sender.provider, this.#pause.error, left);
  }

  /** The longest pause that is left: of these credentials, if they are known, of the vendor's, or the one that others know of. */
  longest(other: Pause | undefined, credentials: string | undefined): Pause | undefined {
    const now = this.#account.settings.clock.monotonic();
    const refused = credentials === undefined ? undefined : this.#refusals?.find(credentials);
    const pauses = [
      other,
      refused && { reason: refused.code, left: refused.until - now },
      this.#pause && { reason: this.#pause.error.code, left: this.#pause.until - now },
    ];
    return pauses.filter((pause) => pause !== undefined && pause.left > 0).toSorted((a, b) => (b?.left ?? 0) - (a?.left ?? 0))[0];
  }

  /** Nothing speaks against a login any more. */
  reset(): void {
    this.#refusals = undefined;
    this.#pause = undefined;
  }

  /** Milliseconds until the vendor may be asked again. */
  pauseLeft(): number {
    return this.#pause === undefined ? 0 : Math.max(0, this.#pause.until - this.#account.settings.clock.monotonic());
  }

  /** Takes over what another process learnt of these credentials. */
  remember(credentials: string, refusal: Refusal): void {
    this.#refusals ??= new Refusals();
    this.#refusals.remember(credentials, refusal);
  }

  /** The vendor refused these credentials: their cooldown (`duration`, in milliseconds) doubles with each time in a row, up to an hour. */
  refused(credentials: string, { code, vendorCode, vendorMessage }: RefusalError): { refusal: Refusal; duration: number } {
    const { cooldown, clock } = this.#account.settings;
    const count = (this.#refusals?.find(credentials)?.count ?? 0) + 1;
    const duration = Math.min(cooldown * 2 ** (count - 1), Math.max(cooldown, hour));
    const refusal = { code, vendorCode, vendorMessage, count, until: clock.monotonic() + duration };
    this.remember(credentials, refusal);
    return { refusal, duration };
  }

  /** The vendor asked for a pause of so many milliseconds. */
  pauseFor(duration: number, error: AuthError): void {
    this.#pause = { until: this.#account.settings.clock.monotonic() + duration, error };
  }

  /** A login worked: nothing speaks against these credentials any more. */
  clear(credentials: string): void {
    this.#pause = undefined;
    this.#refusals?.forget(credentials);
  }
}

/** Which credentials were refused: remembered as HMACs under a random key, never as they are. */
class Refusals {
  readonly #key = randomBytes(32);
  readonly #entries: { mac: Buffer; refusal: Refusal }[] = [];

  /** What is remembered of these credentials, also after the cooldown has ended. */
  find(credentials: string): Refusal | undefined {
    return this.#entries[this.#indexOf(credentials)]?.refusal;
  }

  remember(credentials: string, refusal: Refusal): void {
    this.forget(credentials);
    this.#entries.push({ mac: this.#mac(credentials), refusal });
    if (this.#entries.length > maxRemembered) this.#entries.shift();
  }

  forget(credentials: string): void {
    const index = this.#indexOf(credentials);
    if (index !== -1) this.#entries.splice(index, 1);
  }

  #indexOf(credentials: string): number {
    const mac = this.#mac(credentials);
    return this.#entries.findIndex((entry) => timingSafeEqual(entry.mac, mac));
  }

  #mac(credentials: string): Buffer {
    return createHmac('sha256', this.#key).update(credentials).digest();
  }
}

/** The error of a login that is not even tried; `left` is how many milliseconds of the pause are left. */
function coolingDown(provider: string, cause: Refusal | AuthError, left: number): AuthError {
  const { code: reason, vendorCode, vendorMessage } = cause;
  const refused = reason === 'INVALID_CREDENTIALS' || reason === 'NOT_ALLOWED';
  const what = refused
    ? `these credentials were refused (${reason}); trying them again could lock the account. Correct them, or`
    : `the vendor asked for a pause (${reason}):`;
  const retryAfter = Math.ceil(left);
  return new AuthError({
    code: 'COOLING_DOWN',
    provider,
    reason,
    vendorCode,
    vendorMessage,
    vendorStatus: 'vendorStatus' in cause ? cause.vendorStatus : undefined,
    retryAfter,
    retryable: !refused,
    message: `${provider}: ${what} try again in ${Math.ceil(retryAfter / 1_000)} s`,
  });
}
