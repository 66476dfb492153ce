import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';

import { isDamage, sqlite, storeError } from './node-sqlite.ts';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const PERMISSIONS = 0o777;

/** What SQLite puts beside a file; the last two only where somebody gave it a write-ahead log. */
const COMPANIONS = ['-journal', '-wal', '-shm'];

/** Which file a path led to at a moment: device and inode. */
export type FileIdentity = string;

/** Where the system keeps what an application remembers of a user between two runs; undefined for a user without a home. */
export function defaultPath(): string | undefined {
  const home = homeDirectory();
  if (home === undefined || !isAbsolute(home)) return undefined;
  return join(home, ...STATE_DIRECTORIES[process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'other'], FILE);
}

const FILE = join('auth-store-sqlite', 'tokens.db');
const STATE_DIRECTORIES = { win32: ['AppData', 'Local'], darwin: ['Library', 'Application Support'], other: ['.local', 'state'] };

function homeDirectory(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** The file that a path leads to over symbolic links, whether there is one yet or not. */
export function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? followLinks(resolve(dirname(path), readlinkSync(path))) : path;
  }
}

/**
 * Makes sure that there is a file; a new one is its owner's alone, and SQLite gives the files that it puts beside it the same mode. One
 * that is there is never opened here: closing it again would drop the locks that SQLite holds on it elsewhere in this process.
 */
export function ensureFile(path: string): FileIdentity {
  ensureDirectory(dirname(path));
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY));
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
  }
  const stats = statSync(path, { bigint: true });
  if (!stats.isFile()) throw storeError(`${path} is not a file; give path the name of one`);
  return `${stats.dev}:${stats.ino}`;
}

/**
 * Makes a directory and those above it that are missing; each is tried twice at most. Node's own `recursive` tries for ever where a directory is there, and
 * one in it is said to be missing its parent, as in /proc.
 */
function ensureDirectory(path: string, isLast = false): void {
  try {
    mkdirSync(path, OWNER_ONLY_DIRECTORY);
  } catch (error) {
    if (identify(path) !== undefined) return;
    if (isLast || !isFileError(error, 'ENOENT')) throw error;
    const parent = dirname(path);
    ensureDirectory(parent, parent === path);
    ensureDirectory(path, true);
  }
}

/** Closes the file and those beside it to everybody but their owner. */
export function restrictToOwner(path: string): void {
  // There, access is a matter of the directory.
  if (process.platform === 'win32') return;
  for (const name of [path, ...COMPANIONS.map((suffix) => path + suffix)]) {
    const stats = statSync(name, { throwIfNoEntry: false });
    if (stats !== undefined && (stats.mode & PERMISSIONS) !== OWNER_ONLY) unlessMissing(() => chmodSync(name, OWNER_ONLY));
  }
}

/** Undefined where there is nothing. */
export function identify(path: string): FileIdentity | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

/**
 * Renames a damaged file and what SQLite put beside it, for whoever wants to look into it, so that the next one to come makes a new file.
 * Several processes may find the same damage: they take turns, and only the first finds the file still in its place. Whoever has the old
 * one open sees that the path leads elsewhere and opens the new one.
 *
 * @returns Where it is now; undefined where another process was first.
 * @throws What SQLite says of a file in use, while another process is at it.
 */
export function setAside(path: string, damaged: FileIdentity): string | undefined {
  return inTurn(`${path}.guard`, () => {
    if (identify(path) !== damaged) return undefined;
    restrictToOwner(path);
    const target = `${path}.damaged-${Date.now()}-${process.pid}`;
    // First: beside a new file they would be taken for its own.
    for (const suffix of COMPANIONS) unlessMissing(() => renameSync(path + suffix, target + suffix));
    renameSync(path, target);
    return target;
  });
}

/** The lock is SQLite's on a file of its own, because the system takes it back from a process that is killed. */
function inTurn<Result>(guardPath: string, action: () => Result): Result {
  ensureFile(guardPath);
  const guard = new sqlite.DatabaseSync(guardPath);
  try {
    guard.exec('BEGIN EXCLUSIVE');
    return action();
  } catch (error) {
    if (isDamage(error)) rmSync(guardPath, { force: true });
    throw error;
  } finally {
    guard.close();
  }
}

/** A file beside the database may go at any moment: SQLite takes it away. */
function unlessMissing(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
  }
}

function isFileError(error: unknown, code: string): boolean {
  return isNativeError(error) && 'code' in error && error.code === code;
}
