import type * as NodeSqliteModule from 'node:sqlite';
import { isNativeError } from 'node:util/types';

import { AuthError } from '@x/auth-core';

type NodeSqlite = typeof NodeSqliteModule;

/**
 * Node's own SQLite. Asked for here instead of imported, because the import of a module that an older Node does not have fails with an error
 * that names neither this package nor the way out, and before any code of ours could say more.
 */
export const sqlite: NodeSqlite = loadSqlite();

function loadSqlite(): NodeSqlite {
  // The declared type is that of a Node which has the module.
  const module = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  if (module !== undefined) return module;
  throw storeError(`needs node:sqlite, which is in Node 22.13 and later; this is Node ${process.versions.node}`);
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const ERROR = 1;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const PROTOCOL = 15;
const FORMAT = 24;
const NOTADB = 26;

/** Variants of others: the file was cut off, removed or replaced while it was open. */
const IOERR_SHORT_READ = 522;
const READONLY_ROLLBACK = 776;
const READONLY_DBMOVED = 1_032;
const IOERR_FSTAT = 1_802;

/** The file is not as SQLite or this package wrote it. A class, so that it can be told from what SQLite throws. */
export class DamagedFileError extends Error {}

/** Another connection is in the way; it works in a moment. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, BUSY, LOCKED, PROTOCOL);
}

/** What is in the file is not what SQLite or this package wrote. */
export function isDamage(error: unknown): boolean {
  return error instanceof DamagedFileError || hasCode(error, CORRUPT, FORMAT, NOTADB, IOERR_SHORT_READ);
}

/** What an open file answers with once somebody damaged, emptied, removed or replaced it. */
export function isFileChanged(error: unknown): boolean {
  return isDamage(error) || isMisfit(error) || hasCode(error, READONLY_ROLLBACK, READONLY_DBMOVED, IOERR_FSTAT);
}

/** SQL that does not fit the tables that are there. */
export function isMisfit(error: unknown): boolean {
  return hasCode(error, ERROR);
}

/** What a caller is told. SQLite's messages name tables and files, never the values. */
export function storeError(what: string, cause?: unknown): AuthError {
  const why = isNativeError(cause) ? `: ${cause.message}${adviceFor(cause)}` : '';
  return new AuthError({ code: 'STORE', provider: 'auth-store-sqlite', message: `@x/auth-store-sqlite: ${what}${why}`, cause });
}

/** What to do about a file that SQLite could not use. */
function adviceFor(error: unknown): string {
  if (hasCode(error, CANTOPEN, READONLY)) return '; it and its directory must belong to this user and be writable';
  return hasCode(error, FULL) ? '; there is no space left' : '';
}

/** Of a primary code all variants count: the upper bytes tell them apart. */
function hasCode(error: unknown, ...codes: number[]): boolean {
  // Not `instanceof`: where tests run in a realm of their own, Node's errors are of another one.
  const code = isNativeError(error) && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && (codes.includes(code) || codes.includes(code & 0xff));
}
