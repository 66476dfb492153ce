import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';

import type { Lease, TokenStore } from '@x/auth-core';

import { pause } from './pause.ts';
import { runStatements } from './run-statements.ts';
import type { Statements } from './schema.ts';
import { storeError } from './store-error.ts';
import { createTokenDatabase } from './token-database.ts';
import { defaultPath } from './token-file.ts';

const DEFAULT_LOCK_TTL = 20_000;

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /**
   * The file; relative to the working directory. It and its directory are made where they are missing. Default: `auth-store-sqlite/tokens.db`
   * in the user's state directory, which is `~/.local/state` (Linux and other Unix), `~/Library/Application Support` (macOS) or
   * `~\AppData\Local` (Windows). The file system must be a local one.
   */
  path?: string | undefined;
  /** How long a lease lasts, in milliseconds; it must exceed the provider's `timeout`. Default: 20,000. */
  lockTtl?: number | undefined;
}

/**
 * A store for all processes of one machine: an embedded SQLite file, with no server. Only the user who made it can read it (mode 0600).
 *
 * A process may be killed at any moment: the file stays good, and a lease that it held goes to the next one after `lockTtl`. A damaged
 * file, and one of a newer version of this package, is set aside under another name and replaced; `fileSetAsideChannel` tells of it.
 * Waiting for a lease neither blocks the event loop nor keeps the process alive; a provider does, while a caller waits. The file is opened at the first use and closed by `Symbol.dispose`.
 *
 * All of its methods reject with an AuthError `STORE` where the file cannot be used: it cannot be made or read, belongs to another
 * application, stays locked for five seconds, or the store was closed.
 *
 * @throws AuthError `STORE` where an option is wrong.
 */
export function sqliteStore(options: SqliteStoreOptions = {}): TokenStore & Disposable {
  const { path = defaultPath(), lockTtl = DEFAULT_LOCK_TTL } = options;
  if (typeof path !== 'string' || path === '') throw storeError('path must be a non-empty string');
  if (!Number.isSafeInteger(lockTtl) || lockTtl < 1) throw storeError('lockTtl must be a positive integer');
  const database = createTokenDatabase(resolve(path));
  // Like any reading or writing of a file that is under way: a process that has nothing else to do must not end in the middle of it.
  const run = <Result>(use: (statements: Statements) => Result): Promise<Result> => runStatements(database, use, { keepAlive: true });

  function acquire(key: string, id: string, signal: AbortSignal): Promise<boolean> {
    const use = ({ acquire: statement }: Statements): boolean => {
      const now = Date.now();
      return changed(statement.run({ key, id, now, expiresAt: now + lockTtl }));
    };
    return runStatements(database, use, { signal, keepAlive: false });
  }

  async function release(key: string, id: string): Promise<void> {
    await run((statements) => statements.release.run({ key, id }));
  }

  return {
    lockTtl,
    get: (key) => run((statements) => readValue(statements.get.get({ key, now: Date.now() }))),
    set: (key, value, { expiresAt = null, lease } = {}) => run((statements) => write(statements, { key, value, expiresAt, lease })),
    delete: (key, expected) => run((statements) => remove(statements, key, expected)),
    async lock(key, { signal }) {
      const id = randomUUID();
      // Whether a lease is worth the process's life is for the one who waits to say.
      while (!(await acquire(key, id, signal))) await pause({ signal, keepAlive: false });
      if (signal.aborted) {
        // Where even that fails, the lease ends by itself.
        await release(key, id).catch(() => undefined);
        throw signal.reason;
      }
      return { id, release: () => release(key, id) };
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

function readValue(row: Record<string, unknown> | undefined): string | undefined {
  return typeof row?.['value'] === 'string' ? row['value'] : undefined;
}

function changed({ changes }: { changes: number | bigint }): boolean {
  return changes > 0;
}
