import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { storeError } from './store-error.ts';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const PERMISSIONS = 0o777;

/** Which file a path led to at a moment: device and inode. */
export type FileIdentity = string;

/** Where the system keeps what an application remembers of a user between two runs. */
export function defaultPath(): string {
  return join(stateDirectory(), 'auth-store-sqlite', 'tokens.db');
}

function stateDirectory(): string {
  if (process.platform === 'win32') return join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return join(homedir(), '.local', 'state');
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
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY));
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
  }
  const stats = statSync(path, { bigint: true });
  if (!stats.isFile()) throw storeError(`${path} is not a file; give path the name of one`);
  return `${stats.dev}:${stats.ino}`;
}

/** Whether there is nothing in the file while there is something in the log beside it, which SQLite never leaves so. */
export function isCutOff(path: string): boolean {
  const size = (name: string): number => statSync(name, { throwIfNoEntry: false })?.size ?? 0;
  // In this order: another process may be making both just now, and writes the file before the log.
  return size(`${path}-wal`) > 0 && size(path) === 0;
}

/** Closes the file and those beside it to everybody but their owner. */
export function restrictToOwner(path: string): void {
  // There, access is a matter of the directory.
  if (process.platform === 'win32') return;
  for (const name of [path, `${path}-wal`, `${path}-shm`]) {
    const stats = statSync(name, { throwIfNoEntry: false });
    if (stats !== undefined && (stats.mode & PERMISSIONS) !== OWNER_ONLY) chmodIfThere(name);
  }
}

function chmodIfThere(name: string): void {
  try {
    chmodSync(name, OWNER_ONLY);
  } catch (error) {
    // The last process to close a database takes the files beside it away.
    if (!isFileError(error, 'ENOENT')) throw error;
  }
}

/** Undefined where there is nothing. */
export function identify(path: string): FileIdentity | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

export function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
