import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isBusy } from '../src/node-sqlite.ts';
import { ensureFile, setAside } from '../src/token-file.ts';
import { makeDirectory, type TemporaryDirectory } from './helpers/temporary-directory.ts';

describe('setting a file aside', () => {
  let directory: TemporaryDirectory;
  let path: string;

  beforeEach(() => {
    directory = makeDirectory();
    path = join(directory.path, 'tokens.db');
    writeFileSync(path, 'damaged');
  });
  afterEach(() => directory.remove());

  it('of two processes that find a file damaged the second leaves the new file of the first in its place', () => {
    const damaged = ensureFile(path);
    const movedTo = setAside(path, damaged);
    expect(readFileSync(movedTo ?? '', 'utf8')).toBe('damaged');
    writeFileSync(path, 'new');
    expect(setAside(path, damaged)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('a process waits while another sets the file aside, and touches nothing meanwhile', () => {
    const guard = new DatabaseSync(`${path}.guard`);
    guard.exec('BEGIN EXCLUSIVE');
    expect(() => setAside(path, ensureFile(path))).toThrowError(expect.toSatisfy(isBusy));
    expect(readFileSync(path, 'utf8')).toBe('damaged');
    guard.close();
  });

  it.each(['-journal', '-wal', '-shm'])(
    'what SQLite keeps beside a damaged file (%s) goes with it: the new one would take it for its own',
    (suffix) => {
      writeFileSync(path + suffix, 'kept');
      const movedTo = setAside(path, ensureFile(path)) ?? '';
      expect(readFileSync(movedTo + suffix, 'utf8')).toBe('kept');
      expect(readdirSync(directory.path).filter((name) => name.startsWith('tokens.db-'))).toEqual([]);
    },
  );
});
