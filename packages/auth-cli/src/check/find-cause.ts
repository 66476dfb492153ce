import type { AuthError } from '@x/auth-core';
import type { ShellFailure, ShellSupport } from '@x/auth-core/provider';

import { adviceFor, type Advice, type CauseName } from './advice.ts';
import type { SeenAnswer } from './observe.ts';

const codes: readonly (readonly [RegExp, CauseName])[] = [
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'host-unknown'],
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'nothing-listens'],
  [/^(?:ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO)$/, 'not-tls'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'certificate-name'],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/, 'certificate-time'],
  [/SELF_SIGNED|^UNABLE_TO_|^CERT_UNTRUSTED$/, 'certificate-authority'],
  [/^(?:ABORT_ERR|ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/, 'no-answer'],
];

/** The cause of an error of the network, by the `code` that Node.js and undici give it. */
export function causeOfCode(error: unknown): CauseName {
  const { name, code }: { name?: unknown; code?: unknown } = Object(error);
  // The error of a signal has a number for its code.
  if (name === 'TimeoutError' || name === 'AbortError') return 'no-answer';
  return codes.find(([pattern]) => pattern.test(String(code)))?.[1] ?? 'connection-broken';
}

/** What a refused login is judged by, beside its error. */
export interface LoginEvidence {
  readonly vendor: ShellSupport;
  /** The last answer, if one came. */
  readonly seen: SeenAnswer | undefined;
  /** The password as it was given. */
  readonly password: string;
}

/** Why a login failed; the vendor's own explanation wins where it knows better. */
export function adviceForLogin(error: AuthError, evidence: LoginEvidence): Advice {
  const cause = causeOfLogin(error, evidence);
  return vendorKnows.has(cause) ? explain(evidence.vendor, { step: 'login', error }, cause) : adviceFor(cause);
}

/** What vendors have words of their own for. */
const vendorKnows: ReadonlySet<CauseName> = new Set<CauseName>([
  'credentials-refused',
  'account-locked',
  'api-not-allowed',
  'vendor-failed',
  'call-failed',
]);

function explain(vendor: ShellSupport, failure: ShellFailure, cause: CauseName): Advice {
  const known = vendor.explain(failure);
  return known === undefined ? adviceFor(cause) : { ...known, status: adviceFor(cause).status };
}

function causeOfLogin(error: AuthError, { seen, password }: LoginEvidence): CauseName {
  switch (error.code) {
    case 'INVALID_CREDENTIALS':
      return password === password.trim() ? 'credentials-refused' : 'password-white-space';
    case 'NOT_ALLOWED':
      if (error.vendorStatus === 423) return 'account-locked';
      return isFromGateway(seen) ? 'address-not-allowed' : 'api-not-allowed';
    case 'VENDOR_ERROR':
    case 'BAD_RESPONSE':
      return causeOfAnswer(seen, error.code === 'VENDOR_ERROR' ? 'vendor-failed' : 'unexpected-answer');
    case 'TIMEOUT':
    case 'ABORTED':
      return 'no-answer';
    case 'NETWORK':
      return causeOfCode(error.cause);
    case 'COOLING_DOWN':
      return 'pausing';
    case 'CONFIG':
    case 'STORE':
    case 'REPLAY_IMPOSSIBLE':
      return 'options';
    default:
      return 'unexpected-answer';
  }
}

/** An API answers in its own format also when it refuses; what stands in front of it does not know that. */
function isFromGateway(seen: SeenAnswer | undefined): boolean {
  return seen?.status === 403 && seen.kind !== 'JSON';
}

/** No API is where a redirect, a page or "not found" comes from. */
function causeOfAnswer(seen: SeenAnswer | undefined, otherwise: CauseName): CauseName {
  if (seen === undefined) return otherwise;
  const { status, kind } = seen;
  if ((status >= 300 && status < 400) || status === 404 || status === 405) return 'wrong-path';
  if (status < 500 && kind === 'HTML') return 'wrong-path';
  return status >= 500 ? 'vendor-failed' : otherwise;
}

/** A first protected call that failed. */
export interface CallEvidence {
  readonly vendor: ShellSupport;
  readonly seen: SeenAnswer;
  readonly text: string;
  readonly isRejection: boolean;
}

/** Why the first protected call failed. */
export function adviceForCall({ vendor, seen, text, isRejection }: CallEvidence): Advice {
  const cause = isRejection ? 'token-rejected' : causeOfCall(seen);
  const { status } = seen;
  return vendorKnows.has(cause) ? explain(vendor, { step: 'call', status, text, isRejection }, cause) : adviceFor(cause);
}

function causeOfCall(seen: SeenAnswer): CauseName {
  if (isFromGateway(seen)) return 'address-not-allowed';
  return seen.status === 403 ? 'api-not-allowed' : causeOfAnswer(seen, 'call-failed');
}
