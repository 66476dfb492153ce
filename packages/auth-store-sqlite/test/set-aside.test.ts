import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { setAside } from '../src/set-aside.ts';
import { isBusy } from '../src/store-error.ts';
import { ensureFile } from '../src/token-file.ts';
import { makeDirectory, type TemporaryDirectory } from './helpers/temporary-directory.ts';

describe('of several processes that find the same file damaged', () => {
  let directory: TemporaryDirectory;
  let path: string;

  beforeEach(() => {
    directory = makeDirectory();
    path = join(directory.path, 'tokens.db');
    writeFileSync(path, 'damaged');
  });
  afterEach(() => directory.remove());

  it('the second leaves the new file of the first in its place', () => {
    const damaged = ensureFile(path);
    const movedTo = setAside(path, damaged);
    expect(readFileSync(movedTo ?? '', 'utf8')).toBe('damaged');
    writeFileSync(path, 'new');
    expect(setAside(path, damaged)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('one waits while another is at it, and touches nothing meanwhile', () => {
    const guard = new DatabaseSync(`${path}.guard`);
    guard.exec('BEGIN EXCLUSIVE');
    expect(() => setAside(path, ensureFile(path))).toThrowError(expect.toSatisfy(isBusy));
    expect(readFileSync(path, 'utf8')).toBe('damaged');
    guard.close();
  });

  it('the log of the old file is not left beside the new one', () => {
    writeFileSync(`${path}-wal`, 'log');
    writeFileSync(`${path}-shm`, 'index');
    const movedTo = setAside(path, ensureFile(path)) ?? '';
    expect(readFileSync(`${movedTo}-wal`, 'utf8')).toBe('log');
    expect(readdirSync(directory.path).filter((name) => name.startsWith('tokens.db-'))).toEqual([]);
  });
});
