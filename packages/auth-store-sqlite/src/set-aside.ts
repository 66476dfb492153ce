import { renameSync, rmSync } from 'node:fs';

import { sqlite } from './node-sqlite.ts';
import { isDamage } from './store-error.ts';
import { ensureFile, type FileIdentity, identify, isFileError, restrictToOwner } from './token-file.ts';

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
    // The log goes first: beside a new file it would be taken for its own.
    renameIfThere(`${path}-wal`, `${target}-wal`);
    rmSync(`${path}-shm`, { force: true });
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

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
  }
}
