import { AuthError } from '@x/auth-core';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_PROTOCOL = 15;
const SQLITE_FORMAT = 24;
const SQLITE_NOTADB = 26;
/** A variant of an I/O error: the file beside the database, or the database itself, was cut off or replaced while it was open elsewhere. */
const SQLITE_IOERR_SHORT_READ = 522;

/** The file cannot be used as it is, and it is (or was) one of ours. A class, so that it can be told from what SQLite throws. */
export class DamagedFileError extends Error {}

/** Another connection is in the way; it works in a moment. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED || code === SQLITE_PROTOCOL;
}

export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  if (error instanceof DamagedFileError || extendedCode(error) === SQLITE_IOERR_SHORT_READ) return true;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB || code === SQLITE_FORMAT;
}

/** SQL that does not fit the tables that are there. */
export function isMisfit(error: unknown): boolean {
  return resultCode(error) === SQLITE_ERROR;
}

/** What a caller is told. SQLite's messages name tables and files, never the values. */
export function storeError(what: string, cause?: unknown): AuthError {
  const why = cause instanceof Error ? `: ${cause.message}${adviceFor(cause)}` : '';
  const message = `@x/auth-store-sqlite: ${what}${why}`;
  return new AuthError({ code: 'STORE', provider: 'auth-store-sqlite', message, cause });
}

/** What to do about a file that SQLite could not use. */
function adviceFor(error: unknown): string {
  const code = resultCode(error);
  if (code === SQLITE_CANTOPEN || code === SQLITE_READONLY) return '; it and its directory must belong to this user and be writable';
  return code === SQLITE_FULL ? '; there is no space left' : '';
}

function resultCode(error: unknown): number | undefined {
  const code = extendedCode(error);
  // The upper bytes tell variants of the same result apart.
  return code === undefined ? undefined : code & 0xff;
}

function extendedCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}
