import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { DamagedFileError, isBusy, isMisfit, storeError } from './node-sqlite.ts';

/** Marks a file as one of ours in its header, so that no other application's file is ever set aside: "xaut". */
const APPLICATION_ID = 0x78_61_75_74;
const VERSION = 1;

const SCHEMA = `
  CREATE TABLE token (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) STRICT, WITHOUT ROWID;
  CREATE TABLE lease (key TEXT PRIMARY KEY, id TEXT NOT NULL, acquired_at REAL NOT NULL, expires_at REAL NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

const LIVE = '(expires_at IS NULL OR expires_at > :now)';
// A lease from the future was had before the clock was set back: were it to count, it could outlast its time by hours.
const HELD = 'lease.expires_at > :now AND lease.acquired_at <= :now + 1000';

const SQL = {
  // As bytes: Node 22 reads a text no further than to a zero in it.
  get: `SELECT CAST(value AS BLOB) AS value FROM token WHERE key = :key AND ${LIVE}`,
  put: `INSERT OR REPLACE INTO token (key, value, expires_at) VALUES (:key, :value, :expiresAt)`,
  // The look at the lease and the writing are one statement.
  putUnderLease: `INSERT OR REPLACE INTO token (key, value, expires_at)
    SELECT :key, :value, :expiresAt WHERE EXISTS (SELECT 1 FROM lease WHERE key = :key AND id = :id AND ${HELD})`,
  remove: `DELETE FROM token WHERE key = :key AND ${LIVE}`,
  removeExpected: `DELETE FROM token WHERE key = :key AND value = :expected AND ${LIVE}`,
  held: `SELECT id FROM lease WHERE key = :key AND ${HELD}`,
  acquire: `INSERT INTO lease (key, id, acquired_at, expires_at) VALUES (:key, :id, :now, :expiresAt)
    ON CONFLICT (key) DO UPDATE SET id = excluded.id, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
    WHERE NOT (${HELD})`,
  extend: `UPDATE lease SET acquired_at = :now, expires_at = :expiresAt WHERE key = :key AND id = :id AND ${HELD}`,
  release: `DELETE FROM lease WHERE key = :key AND id = :id`,
  purgeTokens: `DELETE FROM token WHERE expires_at <= :now`,
  purgeLeases: `DELETE FROM lease WHERE expires_at <= :now`,
  journalMode: 'PRAGMA journal_mode',
};

/** What can be asked of the file. */
export type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

/**
 * A rollback journal, because beside a write-ahead log SQLite maps a file into memory, and who then cuts that off ends the process. What a loss of
 * power may do to a file that is written without `fsync` is found when it is opened next; a cache may lose a write. What was replaced or
 * deleted is overwritten in the file, also on pages that are free by then, which `FAST` would leave as they are.
 */
const SETTINGS: readonly [name: string, value: string, answer: unknown][] = [
  ['journal_mode', 'TRUNCATE', 'truncate'],
  ['synchronous', 'OFF', 0],
  ['secure_delete', 'ON', 1],
  ['mmap_size', '0', 0],
];

/** @throws AuthError `STORE` where SQLite does not take a setting. */
export function applySettings(database: DatabaseSync): void {
  for (const [name, value, answer] of SETTINGS) {
    database.exec(`PRAGMA ${name} = ${value}`);
    const row = database.prepare(`PRAGMA ${name}`).get();
    // No answer at all: SQLite was built without what the setting turns off.
    if (row !== undefined && row[name] !== answer) throw storeError(`SQLite keeps ${name} = ${String(row[name])}, not ${value}`);
  }
}

/** Makes the tables where the file is new, and prepares the statements. */
export function prepareStatements(database: DatabaseSync, path: string, isNew: boolean): Statements {
  if (isNew) createSchema(database, path);
  try {
    return Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)])) as Statements; // the same names
  } catch (error) {
    throw isMisfit(error) ? new DamagedFileError('its tables are not those of its version') : error;
  }
}

/**
 * Whether the file is new, with nothing in it; changes nothing, for it may be anybody's.
 *
 * @throws AuthError `STORE` where it is another application's, or one of ours with another layout.
 */
export function judgeFile(database: DatabaseSync, path: string): boolean {
  const wasEmpty = isEmpty(path);
  const { applicationId, version, pages, tables } = readHeader(database);
  if (applicationId === APPLICATION_ID && version === VERSION) return false;
  if (applicationId === APPLICATION_ID) {
    throw storeError(`${path} has layout ${version} of another version of this package, which knows ${VERSION}. ${ADVICE}`);
  }
  if (tables > 0 || applicationId !== 0 || version !== 0) {
    throw storeError(`${path} is the SQLite database of another application. ${ADVICE}`);
  }
  // To SQLite a file of one byte is as good as an empty one. Looked at twice: another process may make the file just now, or have been killed at it.
  if (pages === 0 && !wasEmpty && !isEmpty(path)) throw new DamagedFileError('it is too short for a database');
  return true;
}

function isEmpty(path: string): boolean {
  return statSync(path).size === 0;
}

/** What to do about a file that is left as it is. */
export const ADVICE = 'It was left as it is: delete it if nobody needs it, or give path another name';

/** @throws DamagedFileError where a page of it is; what SQLite throws where it cannot even look. */
export function checkPages(database: DatabaseSync): void {
  const { quick_check: answer } = database.prepare('PRAGMA quick_check(1)').get() ?? {};
  if (answer !== 'ok') throw new DamagedFileError('its pages are damaged');
}

/**
 * Whether a damaged file says in its header that it is one of ours. The header is read through SQLite, which alone may open the file.
 *
 * @throws What SQLite says of a file that another process is making.
 */
export function isMarkedAsOurs(database: DatabaseSync): boolean {
  try {
    // With this SQLite reads the header of a file whose end is missing, too. Nothing is written.
    database.exec('PRAGMA writable_schema = ON');
    return database.prepare('PRAGMA application_id').get()?.['application_id'] === APPLICATION_ID;
  } catch (error) {
    if (isBusy(error)) throw error;
    return false;
  }
}

function createSchema(database: DatabaseSync, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been first.
    if (judgeFile(database, path)) database.exec(SCHEMA);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

interface Header {
  readonly applicationId: number;
  readonly version: number;
  readonly pages: number;
  readonly tables: number;
}

const HEADER = `SELECT application_id AS applicationId, user_version AS version, page_count AS pages,
  (SELECT count(*) FROM sqlite_schema) AS tables FROM pragma_application_id, pragma_user_version, pragma_page_count`;

/** In one statement: while it is read bit by bit, another process may make the tables, and ours would look like somebody else's. */
function readHeader(database: DatabaseSync): Header {
  const { applicationId, version, pages, tables } = database.prepare(HEADER).get() ?? {};
  return { applicationId: Number(applicationId), version: Number(version), pages: Number(pages), tables: Number(tables) };
}
