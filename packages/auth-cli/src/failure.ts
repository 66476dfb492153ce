import { type AuthError, type AuthErrorCode, isAuthError } from '@x/auth-core';

import { exitStatus, type ExitStatus } from './command.ts';
import { UsageError } from './usage-error.ts';

/** A failure as it is told. */
export interface Failure {
  readonly status: ExitStatus;
  readonly message: string;
  /** What a program sees: the code of an AuthError, or what else it was. */
  readonly code: AuthErrorCode | 'USAGE' | 'DEFECT';
}

/** The words of an error that is not ours are left out: they may hold a secret. Where it came from is enough to find the defect. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { status: exitStatus.usage, message: error.message, code: 'USAGE' };
  if (isAuthError(error)) return { status: statusOf(error), message: error.message, code: error.code };
  return { status: exitStatus.defect, message: `a defect of this package; please report it: ${describe(error)}`, code: 'DEFECT' };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'something was thrown that is no Error';
  const frames = String(error.stack)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
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
function statusOf({ code, reason }: AuthError): ExitStatus {
  return statuses[code === 'COOLING_DOWN' ? (reason ?? code) : code];
}
