import { AuthError } from '@x/auth-core';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_PROTOCOL = 15;
const SQLITE_FORMAT = 24;
const SQLITE_NOTADB = 26;

/** The file cannot be used as it is, and it is (or was) one of ours. A class, so that it can be told from what SQLite throws. */
export class DamagedFileError extends Error {}

/** Another connection is in the way; it works in a moment. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED || code === SQLITE_PROTOCOL;
}

export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return error instanceof DamagedFileError || code === SQLITE_CORRUPT || code === SQLITE_NOTADB || code === SQLITE_FORMAT;
}

/** SQL that does not fit the tables that are there. */
export function isMisfit(error: unknown): boolean {
  return resultCode(error) === SQLITE_ERROR;
}

/** What a caller is told. SQLite's messages name tables and files, never the values. */
export function storeError(what: string, cause?: unknown): AuthError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const message = `@x/auth-store-sqlite: ${what}${why}`;
  return new AuthError({ code: 'STORE', provider: 'auth-store-sqlite', message, cause });
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  // The upper bytes tell variants of the same result apart.
  return error.errcode & 0xff;
}
