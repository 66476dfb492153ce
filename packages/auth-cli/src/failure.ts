import { type AuthError, type AuthErrorCode, isAuthError } from '@x/auth-core';

import { exitStatus, type ExitStatus } from './command.ts';
import { UsageError } from './usage-error.ts';

/** A failure as it is told: no error that is not ours is quoted, since it may hold a secret. */
export interface Failure {
  readonly status: ExitStatus;
  readonly message: string;
  /** The code of an AuthError; absent for wrong usage. */
  readonly code?: AuthErrorCode;
}

/** @throws The error itself if it is neither ours nor one of the command line: that is a defect. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { status: exitStatus.usage, message: error.message };
  if (isAuthError(error)) return { status: statusOf(error), message: error.message, code: error.code };
  throw error;
}

const statuses: Readonly<Record<AuthErrorCode, ExitStatus>> = {
  CONFIG: exitStatus.usage,
  STORE: exitStatus.usage,
  INVALID_CREDENTIALS: exitStatus.refused,
  NOT_ALLOWED: exitStatus.refused,
  COOLING_DOWN: exitStatus.refused,
  REPLAY_IMPOSSIBLE: exitStatus.refused,
  VENDOR_ERROR: exitStatus.unreachable,
  BAD_RESPONSE: exitStatus.unreachable,
  NETWORK: exitStatus.unreachable,
  TIMEOUT: exitStatus.unreachable,
  ABORTED: exitStatus.unreachable,
};

/** The exit status of an AuthError; a pause counts as what caused it. */
export function statusOf({ code, reason }: AuthError): ExitStatus {
  return statuses[code === 'COOLING_DOWN' ? (reason ?? code) : code];
}
