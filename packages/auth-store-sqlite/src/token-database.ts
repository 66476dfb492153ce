import { channel } from 'node:diagnostics_channel';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';

import { AuthError } from '@x/auth-core';

import { isBusy, isDamage, isFileChanged, sqlite, storeError } from './node-sqlite.ts';
import { ADVICE, applySettings, checkPages, isMarkedAsOurs, judgeFile, prepareStatements, type Statements } from './schema.ts';
import { defaultPath, ensureFile, type FileIdentity, followLinks, identify, restrictToOwner, setAside } from './token-file.ts';

/** The `node:diagnostics_channel` on which a store says that it found its file damaged and began a new one: {@link FileSetAside}. */
export const fileSetAsideChannel = '@x/auth-store-sqlite:file.set-aside';

/** A damaged file was set aside. It may still hold tokens: delete it once it is of no interest. */
export interface FileSetAside {
  /** Where the store is, with a new file. */
  readonly path: string;
  /** Where the damaged file is now. */
  readonly movedTo: string;
  /** What was wrong with it. */
  readonly why: string;
}

/** Milliseconds. SQLite waits by blocking the event loop: long enough for another's write to end, no longer. */
const BLOCKING_WAIT = 10;
/** Milliseconds from one try to the next, of random length, so that those who wait for the same thing do not ask in step. */
const SHORTEST_PAUSE = 5;
const LONGEST_PAUSE = 50;
/** Milliseconds after which a file that others keep locked counts as unusable. */
const BUSY_LIMIT = 5_000;
/** How often a file that was damaged or replaced is opened anew for one call. */
const MOST_REPAIRS = 3;

/** The file at a path: opened when it is first needed, and anew whenever the path leads to another one. */
export interface TokenDatabase extends Disposable {
  /**
   * Runs statements on the file. While another connection is in the way they are run again from their start, for five seconds at most and
   * without blocking the event loop in between. What was asked of a damaged file is asked of its successor.
   *
   * @throws AuthError `STORE`
   */
  run<Result>(use: (statements: Statements) => Result): Promise<Result>;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Statements;
}

/** A file that was found at the path; SQLite keeps its files beside where a link leads, and all processes must set the same one aside. */
interface FoundFile {
  readonly target: string;
  readonly identity: FileIdentity;
}

interface DamagedFile extends FoundFile {
  readonly why: unknown;
}

export function createTokenDatabase(path: string): TokenDatabase {
  let file: OpenFile | undefined;
  let found: FoundFile | undefined;
  let damaged: DamagedFile | undefined;
  /** The last file that was good: damaged since, it is still one of ours. */
  let good: FileIdentity | undefined;
  let disposed = false;

  function close(): void {
    const closing = file;
    file = undefined;
    closing?.database.close();
  }

  function open(): Statements {
    if (disposed) throw storeError('the store is closed: make a new one');
    if (damaged !== undefined) replaceDamaged(damaged);
    if (file !== undefined && identify(path) !== found?.identity) close();
    if (file === undefined) {
      const target = followLinks(path);
      // Before it is opened: where another process replaces it meanwhile, the new one must not be taken for the one found damaged.
      found = { target, identity: ensureFile(target) };
      file = openFile(target);
      good = found.identity;
    }
    return file.statements;
  }

  function replaceDamaged({ target, identity, why }: DamagedFile): void {
    const reason = isNativeError(why) ? why.message : 'damaged';
    const mayGo = path === defaultPath() || identity === good || isOurs(target);
    // Looked at last: what is there by now may be the new file of another process that found the same damage.
    const isThere = identify(target) === identity;
    const movedTo = mayGo && isThere ? setAside(target, identity) : undefined;
    damaged = undefined;
    if (isThere && !mayGo) throw storeError(`${target} is no database of this package, or too damaged to tell (${reason}). ${ADVICE}`);
    if (movedTo !== undefined) announce({ path, movedTo, why: reason });
  }

  /** What to do about an error before the next try; false = no further try would help. */
  function recover(error: unknown): boolean {
    if (!isFileChanged(error)) return false;
    // What fails while it is open is opened anew, and looked at then.
    if (file === undefined && found !== undefined && isDamage(error)) damaged = { ...found, why: error };
    close();
    return true;
  }

  return {
    async run(use) {
      const deadline = performance.now() + BUSY_LIMIT;
      for (let repairs = 0; ;) {
        try {
          const result = use(open());
          if (file !== undefined && hasWriteAheadLog(file)) close();
          return result;
        } catch (error) {
          if (isBusy(error) ? performance.now() > deadline : repairs++ >= MOST_REPAIRS || !recover(error)) {
            close();
            throw error instanceof AuthError ? error : storeError(`the file ${path} cannot be used`, error);
          }
        }
        await sleep(SHORTEST_PAUSE + Math.random() * (LONGEST_PAUSE - SHORTEST_PAUSE));
      }
    },
    [Symbol.dispose]() {
      disposed = true;
      close();
    },
  };
}

function openFile(path: string): OpenFile {
  const database = new sqlite.DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BLOCKING_WAIT}`);
    const isNew = judgeFile(database, path);
    restrictToOwner(path);
    applySettings(database);
    checkPages(database);
    return { database, statements: prepareStatements(database, path, isNew) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whoever gives the file a write-ahead log gives it to all who have it open. Once these have closed it, whoever opens it next takes that away. */
function hasWriteAheadLog({ statements }: OpenFile): boolean {
  return statements.journalMode.get()?.['journal_mode'] === 'wal';
}

function isOurs(path: string): boolean {
  const database = new sqlite.DatabaseSync(path, { defensive: false });
  try {
    return isMarkedAsOurs(database);
  } finally {
    database.close();
  }
}

function announce(message: FileSetAside): void {
  channel(fileSetAsideChannel).publish(message);
}
