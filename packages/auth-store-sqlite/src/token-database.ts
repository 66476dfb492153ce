import { channel } from 'node:diagnostics_channel';
import type { DatabaseSync } from 'node:sqlite';

import { sqlite } from './node-sqlite.ts';
import { judgeFile, prepareStatements, type Statements } from './schema.ts';
import { type FileSetAside, fileSetAsideChannel } from './set-aside-channel.ts';
import { setAside } from './set-aside.ts';
import { DamagedFileError, storeError } from './store-error.ts';
import { ensureFile, type FileIdentity, followLinks, identify, isCutOff, restrictToOwner } from './token-file.ts';

/** Milliseconds. SQLite waits by blocking the event loop: long enough for another's write to end, no longer. */
const BLOCKING_WAIT = 10;

/** The file at a path: opened when it is first needed, and anew whenever the path leads to another one. */
export interface TokenDatabase extends Disposable {
  readonly path: string;
  /** @throws What SQLite and the file system say. */
  open(): Statements;
  /** The next {@link open} sets the file aside. */
  markDamaged(error: unknown): void;
  /** The next {@link open} opens it anew. */
  close(): void;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Statements;
}

export function createTokenDatabase(path: string): TokenDatabase {
  let file: OpenFile | undefined;
  // Where the path leads: SQLite keeps its files beside that, and all processes must set the same one aside.
  let target = path;
  let identity: FileIdentity | undefined;
  let damage: unknown;
  let disposed = false;

  function close(): void {
    const closing = file;
    file = undefined;
    closing?.database.close();
  }

  function repair(): void {
    close();
    const movedTo = identity === undefined ? undefined : setAside(target, identity);
    const why = damage instanceof Error ? damage.message : 'damaged';
    damage = undefined;
    if (movedTo !== undefined) announce({ path, movedTo, why });
  }

  function open(): Statements {
    if (disposed) throw storeError('the store is closed');
    if (damage !== undefined) repair();
    if (file !== undefined && identify(path) !== identity) close();
    if (file === undefined) {
      target = followLinks(path);
      // Before it is opened: where another process replaces it meanwhile, the new one must not be taken for the one found damaged.
      identity = ensureFile(target);
      file = openFile(target);
    }
    return file.statements;
  }

  return {
    path,
    open,
    close,
    markDamaged(error) {
      damage ??= error;
    },
    [Symbol.dispose]() {
      disposed = true;
      close();
    },
  };
}

function openFile(path: string): OpenFile {
  if (isCutOff(path)) throw new DamagedFileError('it was removed or emptied while it was in use');
  const database = new sqlite.DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BLOCKING_WAIT}`);
    const isNew = judgeFile(database, path);
    restrictToOwner(path);
    return { database, statements: prepareStatements(database, path, isNew) };
  } catch (error) {
    database.close();
    throw error;
  }
}

function announce(message: FileSetAside): void {
  channel(fileSetAsideChannel).publish(message);
}
