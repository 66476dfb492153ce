/** Every way in which getting or using a token can fail. A closed set: a `switch` over it can be complete. */
export type AuthErrorCode =
  | 'CONFIG'
  | 'INVALID_CREDENTIALS'
  | 'NOT_ALLOWED'
  | 'VENDOR_ERROR'
  | 'BAD_RESPONSE'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'COOLING_DOWN'
  | 'REPLAY_IMPOSSIBLE'
  | 'STORE';

/** What an {@link AuthError} is made of. Texts that came from a vendor must have been scrubbed of secrets before. */
export interface AuthErrorInit {
  /** What kind of failure this is. */
  code: AuthErrorCode;
  /** The provider's name (`"esignon"`). */
  provider: string;
  /** What went wrong, where, and what to do. */
  message: string;
  /** Whether the same call may work later with nothing changed. Default: false. */
  retryable?: boolean;
  /** The vendor's own code for the failure. */
  vendorCode?: string | undefined;
  /** The vendor's own words, scrubbed. */
  vendorMessage?: string | undefined;
  /** The HTTP status of the vendor's answer. */
  vendorStatus?: number | undefined;
  /** Milliseconds from now until it makes sense to try again. */
  retryAfter?: number | undefined;
  /** How many exchanges were tried. */
  attempts?: number | undefined;
  /** Of `COOLING_DOWN`: the code of the failure that caused the pause. */
  reason?: AuthErrorCode | undefined;
  /** Must hold no secret: errors of HTTP clients quote what they read. */
  cause?: unknown;
}

/** Shared by every copy of this package in a process, so that {@link isAuthError} works across duplicate installs. */
const brand: unique symbol = Symbol.for('@x/auth-core/AuthError');

/** Why no token can be obtained or used. It repeats no password and no token, as far as these are recognised: not in its message, stack, cause or fields. */
export class AuthError extends Error {
  /** What kind of failure this is. */
  readonly code: AuthErrorCode;
  /** The provider's name (`"esignon"`). */
  readonly provider: string;
  /** Whether the same call may work later with nothing changed. */
  readonly retryable: boolean;
  /** The vendor's own code for the failure. */
  declare readonly vendorCode?: string;
  /** The vendor's own words, at most 300 characters; left out whole if they repeat a secret. */
  declare readonly vendorMessage?: string;
  /** The HTTP status of the vendor's answer. Not called `status`: web frameworks would answer their own clients with it. */
  declare readonly vendorStatus?: number;
  /** Milliseconds from the moment of the error until it makes sense to try again. */
  declare readonly retryAfter?: number;
  /** How many exchanges were tried. */
  declare readonly attempts?: number;
  /** Of `COOLING_DOWN`: the code of the failure that caused the pause. */
  declare readonly reason?: AuthErrorCode;

  constructor(init: AuthErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.provider = init.provider;
    this.retryable = init.retryable ?? false;
    if (init.vendorCode !== undefined) this.vendorCode = init.vendorCode;
    if (init.vendorMessage !== undefined) this.vendorMessage = init.vendorMessage;
    if (init.vendorStatus !== undefined) this.vendorStatus = init.vendorStatus;
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter;
    if (init.attempts !== undefined) this.attempts = init.attempts;
    if (init.reason !== undefined) this.reason = init.reason;
  }

  /** The error as plain data, for logs: the fields that are set, without the stack. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }

  static {
    Object.defineProperty(AuthError.prototype, 'name', { value: 'AuthError', configurable: true, writable: true });
    Object.defineProperty(AuthError.prototype, brand, { value: true });
  }
}

/** Whether a value is an {@link AuthError}, also one made by another installed copy of this package. */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === 'object' && value !== null && brand in value;
}
