import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { DamagedFileError, isMisfit, storeError } from './store-error.ts';

/** Marks a file as one of ours in its header, so that no other application's database is ever taken for a damaged one: "xaut". */
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
const HELD = 'expires_at > :now AND acquired_at <= :now + 1000';

const SQL = {
  get: `SELECT value FROM token WHERE key = :key AND ${LIVE}`,
  put: `INSERT OR REPLACE INTO token (key, value, expires_at) VALUES (:key, :value, :expiresAt)`,
  // The look at the lease and the writing are one statement, and so one transaction.
  putUnderLease: `INSERT OR REPLACE INTO token (key, value, expires_at)
    SELECT :key, :value, :expiresAt WHERE EXISTS (SELECT 1 FROM lease WHERE key = :key AND id = :id AND ${HELD})`,
  remove: `DELETE FROM token WHERE key = :key AND ${LIVE}`,
  removeExpected: `DELETE FROM token WHERE key = :key AND value = :expected AND ${LIVE}`,
  acquire: `INSERT INTO lease (key, id, acquired_at, expires_at) VALUES (:key, :id, :now, :expiresAt)
    ON CONFLICT (key) DO UPDATE SET id = excluded.id, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
    WHERE NOT (lease.expires_at > :now AND lease.acquired_at <= :now + 1000)`,
  held: `SELECT id FROM lease WHERE key = :key AND ${HELD}`,
  extend: `UPDATE lease SET acquired_at = :now, expires_at = :expiresAt WHERE key = :key AND id = :id AND ${HELD}`,
  release: `DELETE FROM lease WHERE key = :key AND id = :id`,
  purgeTokens: `DELETE FROM token WHERE expires_at <= :now`,
  purgeLeases: `DELETE FROM lease WHERE expires_at <= :now`,
};

const HEADER = `SELECT application_id AS applicationId, user_version AS version, (SELECT count(*) FROM sqlite_schema) AS tables
  FROM pragma_application_id, pragma_user_version`;

/** What can be asked of the file. */
export interface Statements {
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly putUnderLease: StatementSync;
  readonly remove: StatementSync;
  readonly removeExpected: StatementSync;
  readonly acquire: StatementSync;
  readonly held: StatementSync;
  readonly extend: StatementSync;
  readonly release: StatementSync;
  readonly purgeTokens: StatementSync;
  readonly purgeLeases: StatementSync;
}

/** Makes the tables where the file is new, and prepares the statements. */
export function prepareStatements(database: DatabaseSync, path: string, isNew: boolean): Statements {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  if (isNew) createSchema(database, path);
  try {
    return prepareAll(database);
  } catch (error) {
    throw isMisfit(error) ? new DamagedFileError('its tables are not those of its version') : error;
  }
}

function prepareAll(database: DatabaseSync): Statements {
  return {
    get: database.prepare(SQL.get),
    put: database.prepare(SQL.put),
    putUnderLease: database.prepare(SQL.putUnderLease),
    remove: database.prepare(SQL.remove),
    removeExpected: database.prepare(SQL.removeExpected),
    acquire: database.prepare(SQL.acquire),
    held: database.prepare(SQL.held),
    extend: database.prepare(SQL.extend),
    release: database.prepare(SQL.release),
    purgeTokens: database.prepare(SQL.purgeTokens),
    purgeLeases: database.prepare(SQL.purgeLeases),
  };
}

/**
 * Whether the file is new, with nothing in it; changes nothing, for it may be anybody's.
 *
 * @throws DamagedFileError where it is one of ours that cannot be used; AuthError `STORE` where it is another application's.
 */
export function judgeFile(database: DatabaseSync, path: string): boolean {
  const { applicationId, version, tables } = readHeader(database);
  if (applicationId === APPLICATION_ID && version === VERSION) return false;
  if (applicationId === APPLICATION_ID) throw new DamagedFileError(`it has schema version ${version}, not ${VERSION}`);
  if (tables > 0 || applicationId !== 0 || version !== 0) {
    throw storeError(`${path} is the SQLite database of another application; give path a name of its own`);
  }
  return true;
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
  readonly tables: number;
}

/** In one statement: while it is read bit by bit, another process may make the tables, and ours would look like somebody else's. */
function readHeader(database: DatabaseSync): Header {
  const row = database.prepare(HEADER).get();
  return { applicationId: Number(row?.['applicationId']), version: Number(row?.['version']), tables: Number(row?.['tables']) };
}
