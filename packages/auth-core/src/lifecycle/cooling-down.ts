import { AuthError, type AuthErrorCode } from '../auth-error.ts';

/** What a pause came from, and how much of it is left. */
export interface Pause {
  readonly reason: AuthErrorCode;
  readonly vendorCode?: string | undefined;
  readonly vendorMessage?: string | undefined;
  readonly status?: number | undefined;
  /** Milliseconds. */
  readonly left: number;
}

/** The error of a call that is not even tried, because the vendor has said no or "not now". */
export function coolingDown(provider: string, pause: Pause): AuthError {
  const { reason, vendorCode, vendorMessage, status } = pause;
  const refused = reason === 'INVALID_CREDENTIALS' || reason === 'NOT_ALLOWED';
  const what = refused
    ? `these credentials were refused (${reason}); trying them again could lock the account. Correct them, or`
    : `the vendor asked for a pause (${reason}):`;
  const retryAfter = Math.ceil(pause.left);
  return new AuthError({
    code: 'COOLING_DOWN',
    provider,
    reason,
    vendorCode,
    vendorMessage,
    status,
    retryAfter,
    retryable: !refused,
    message: `${provider}: ${what} try again in ${Math.ceil(retryAfter / 1_000)} s`,
  });
}
