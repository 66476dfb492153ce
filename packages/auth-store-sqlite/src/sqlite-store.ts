import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';

import type { Lease, TokenStore } from '@x/auth-core';

import { runStatements } from './run-statements.ts';
import type { Statements } from './schema.ts';
import { storeError } from './store-error.ts';
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
 * A store for all processes of one machine: an embedded SQLite file, with no server. Only the user who made it can read it (mode 0600).
 *
 * A process may be killed at any moment: the file stays good, and a lease that it held ends by itself. A damaged
 * file, and one of a newer version of this package, is set aside under another name and replaced; `fileSetAsideChannel` tells of it.
 * The file is opened at the first use and closed by `Symbol.dispose`.
 *
 * All of its methods reject with an AuthError `STORE` where the file cannot be used: it cannot be made or read, belongs to another
 * application, stays locked for five seconds, or the store was closed.
 *
 * @throws AuthError `STORE` where an option is wrong.
 */
export function sqliteStore(options: SqliteStoreOptions = {}): TokenStore & Disposable {
  const { path = defaultPath() } = options;
  if (typeof path !== 'string' || path === '') throw storeError('path must be a non-empty string');
  const database = createTokenDatabase(resolve(path));
  // Like any reading or writing of a file that is under way: a process that has nothing else to do must not end in the middle of it.
  const run = <Result>(use: (statements: Statements) => Result): Promise<Result> => runStatements(database, use);

  return {
    get: (key) => run((statements) => readValue(statements.get.get({ key, now: Date.now() }))),
    set: (key, value, { expiresAt = null, lease } = {}) => run((statements) => write(statements, { key, value, expiresAt, lease })),
    delete: (key, expected) => run((statements) => remove(statements, key, expected)),
    async tryLock(key, ttl) {
      const id = randomUUID();
      if (!(await run((statements) => acquire(statements, key, id, ttl)))) return undefined;
      return {
        id,
        extend: (longer) => run(({ extend }) => changed(extend.run({ key, id, ...lasting(longer) }))),
        release: async () => void (await run(({ release }) => release.run({ key, id }))),
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
  return typeof row?.['value'] === 'string' ? row['value'] : undefined;
}

function changed({ changes }: { changes: number | bigint }): boolean {
  return changes > 0;
}
