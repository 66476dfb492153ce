import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { isUint8Array } from 'node:util/types';

import type { Lease, TokenStore } from '@x/auth-core';

import { storeError } from './node-sqlite.ts';
import type { Statements } from './schema.ts';
import { createTokenDatabase } from './token-database.ts';
import { defaultPath } from './token-file.ts';

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /**
   * The file; relative to the working directory. It and its directory are made where they are missing. Default: `auth-store-sqlite/tokens.db`
   * in the user's state directory, which is `~/.local/state` (Linux and other Unix), `~/Library/Application Support` (macOS) or
   * `~\AppData\Local` (Windows). The file system must be a local one.
   */
  path?: string | undefined;
}

/**
 * A store for the processes of one machine: an embedded SQLite file, with no server. Only the user who made it can read it (mode 0600).
 *
 * A process may be killed at any moment: the file stays good, and a lease that it held ends by itself. A power failure may cost the entries that were
 * written last. A damaged file that still says it is of this package, and whatever lies damaged at the default path, is set aside under another name and replaced;
 * `fileSetAsideChannel` tells of it. Any other file that is not empty is left as it is. The file is opened at the first use and closed by `Symbol.dispose`.
 *
 * All of its methods reject with an AuthError `STORE` where the file cannot be used: it cannot be made or read, is not one of this package or has the
 * layout of another version (the message says which file to delete), stays locked for five seconds, or the store was closed.
 *
 * @throws AuthError `STORE` where an option is wrong or unknown, or `path` is missing and the user has no home directory.
 */
export function sqliteStore(options: SqliteStoreOptions = {}): TokenStore & Disposable {
  const database = createTokenDatabase(resolve(checkOptions(options)));
  return {
    get: (key) => database.run((statements) => readValue(statements.get.get({ key, now: Date.now() }))),
    set: (key, value, { expiresAt = null, lease } = {}) =>
      database.run((statements) => write(statements, { key, value, expiresAt, lease })),
    delete: (key, expected) => database.run((statements) => remove(statements, key, expected)),
    async tryLock(key, ttl) {
      const id = randomUUID();
      if (!(await database.run((statements) => acquire(statements, key, id, ttl)))) return undefined;
      return {
        id,
        extend: (longer) => database.run(({ extend }) => changed(extend.run({ key, id, ...lasting(longer) }))),
        release: async () => void (await database.run(({ release }) => release.run({ key, id }))),
      };
    },
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly expiresAt: number | null;
  readonly lease: Lease | undefined;
}

function write(statements: Statements, { key, value, expiresAt, lease }: Entry): boolean {
  const now = Date.now();
  // First, so that the writing itself is the last: where one of them must be run again, nothing has been said yet.
  statements.purgeTokens.run({ now });
  statements.purgeLeases.run({ now });
  if (lease === undefined) return changed(statements.put.run({ key, value, expiresAt }));
  return changed(statements.putUnderLease.run({ key, value, expiresAt, id: lease.id, now }));
}

function remove(statements: Statements, key: string, expected: string | undefined): boolean {
  const now = Date.now();
  if (expected === undefined) return changed(statements.remove.run({ key, now }));
  return changed(statements.removeExpected.run({ key, expected, now }));
}

function acquire(statements: Statements, key: string, id: string, ttl: number): boolean {
  const times = lasting(ttl);
  // Looked at before: an attempt that fails would still take the right to write from everybody else.
  if (statements.held.get({ key, now: times.now }) !== undefined) return false;
  return changed(statements.acquire.run({ key, id, ...times }));
}

function lasting(ttl: number): { now: number; expiresAt: number } {
  const now = Date.now();
  return { now, expiresAt: now + ttl };
}

function readValue(row: Record<string, unknown> | undefined): string | undefined {
  return isUint8Array(row?.['value']) ? Buffer.from(row['value']).toString() : undefined;
}

function changed({ changes }: { changes: number | bigint }): boolean {
  return changes > 0;
}

/** The path. The options may come from a caller without types. */
function checkOptions(options: unknown): string {
  if (typeof options !== 'object' || options === null) throw storeError("expected options like { path: 'tokens.db' }");
  const { path = defaultPath(), ...others }: { path?: unknown } = options;
  const unknown = Object.entries(others).find(([, value]) => value !== undefined);
  if (unknown !== undefined) throw storeError(`there is no option ${unknown[0]}; the only one is path`);
  if (path === undefined) throw storeError('this user has no home directory for the default file: path is needed');
  if (typeof path !== 'string' || path === '') throw storeError('path must be a non-empty string');
  return path;
}
