import { type AuthErrorCode, isAuthError } from '@x/auth-core';

import type { Refusal } from './refusal.ts';

/** The HTTP status with which a failed request is answered. */
const statuses: Readonly<Record<AuthErrorCode, number>> = {
  CONFIG: 500,
  STORE: 500,
  INVALID_CREDENTIALS: 502,
  NOT_ALLOWED: 502,
  VENDOR_ERROR: 502,
  BAD_RESPONSE: 502,
  NETWORK: 502,
  TIMEOUT: 504,
  ABORTED: 502,
  COOLING_DOWN: 503,
  REPLAY_IMPOSSIBLE: 503,
};

/** What the caller is told where the vendor's answer cannot be had. Messages of an AuthError hold no secret; others are not shown. */
export function failureOf(error: unknown): Refusal {
  if (!isAuthError(error)) return brokenConnection(error);
  const { code, message, provider, retryAfter, retryable } = error;
  if (code === 'REPLAY_IMPOSSIBLE') return notRepeated(provider);
  const seconds = Math.ceil((retryAfter ?? 0) / 1000);
  const wait = retryable && seconds > 0;
  return { status: statuses[code], code, message, ...(wait ? { headers: { 'retry-after': String(seconds) } } : {}) };
}

/** The caller sent bytes and knows of no stream: what flows through here as one is what was too long to keep. */
function notRepeated(provider: string): Refusal {
  const message = `${provider}: the token is renewed, but the request was not repeated: its body is longer than 1 MiB and was not kept: send it again`;
  return { status: statuses.REPLAY_IMPOSSIBLE, code: 'REPLAY_IMPOSSIBLE', message, headers: { 'retry-after': '0' } };
}

const timeouts = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'];

function brokenConnection(error: unknown): Refusal {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected error';
  if (timeouts.includes(reason))
    return { status: 504, code: 'TIMEOUT', message: `The vendor's server did not answer in time (${reason}).` };
  return { status: 502, code: 'NETWORK', message: `The exchange with the vendor's server failed (${reason}).` };
}
