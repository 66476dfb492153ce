import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { isAuthError } from '@x/auth-core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { sqliteStore } from '../src/index.ts';
import { startChild } from './helpers/child.ts';
import { makeDirectory, type TemporaryDirectory } from './helpers/temporary-directory.ts';

let directory: TemporaryDirectory;
let path: string;

beforeEach(() => {
  directory = makeDirectory();
  path = join(directory.path, 'state', 'app', 'tokens.db');
});
afterEach(() => directory.remove());

function openStore(): ReturnType<typeof sqliteStore> {
  const store = sqliteStore({ path });
  onTestFinished(() => store[Symbol.dispose]());
  return store;
}

function mode(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe.skipIf(process.platform === 'win32')('the file', () => {
  it('the file and all that is beside it can be read by its owner alone, as can its directory', async () => {
    const previous = process.umask(0);
    onTestFinished(() => void process.umask(previous));
    await openStore().set('key', 'value');
    expect(readdirSync(join(path, '..')).toSorted()).toEqual(['tokens.db', 'tokens.db-journal']);
    for (const suffix of ['', '-journal']) expect(mode(path + suffix)).toBe('600');
    expect([mode(join(path, '..')), mode(join(path, '..', '..'))]).toEqual(['700', '700']);
  });

  it('a file that was open to others is closed to them', async () => {
    await openStore().set('key', 'value');
    for (const suffix of ['', '-journal']) chmodSync(path + suffix, 0o644);
    await openStore().set('key', 'next');
    for (const suffix of ['', '-journal']) expect(mode(path + suffix)).toBe('600');
  });

  it('a directory that was there keeps its mode', async () => {
    mkdirSync(join(path, '..'), { recursive: true });
    chmodSync(join(path, '..'), 0o755);
    await openStore().set('key', 'value');
    expect(mode(join(path, '..'))).toBe('755');
  });
});

describe('sqliteStore', () => {
  it('a store keeps its values when it is closed and opened again', async () => {
    const store = openStore();
    await store.set('key', 'value');
    store[Symbol.dispose]();
    await expect(store.get('key')).rejects.toMatchObject({ code: 'STORE', message: expect.stringContaining('closed') });
    expect(await openStore().get('key')).toBe('value');
  });

  it('a store makes no file before it is used', () => {
    openStore();
    expect(existsSync(path)).toBe(false);
  });

  it('a store forgets what has expired, in the file too', async () => {
    const store = openStore();
    await store.set('old', 'value', { expiresAt: Date.now() - 1 });
    await store.set('new', 'value');
    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT key FROM token').all()).toEqual([{ key: 'new' }]);
    database.close();
  });

  it('a store waits for another’s long write without blocking the event loop', async () => {
    const store = openStore();
    await store.set('key', 'value');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let written = false;
    const writing = store.set('key', 'next').finally(() => (written = true));
    const begun = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(written).toBe(false);
    expect(await store.get('key')).toBe('value');
    other.exec('COMMIT');
    expect(await writing).toBe(true);
    other.close();
  });

  it('a store refuses a lease that somebody holds without a write, which would take its turn from others', async () => {
    const store = openStore();
    await store.tryLock?.('key', 20_000);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await store.tryLock?.('key', 20_000)).toBeUndefined();
    other.close();
  });

  it('a store takes a lease from the future for one of a clock that was set back', async () => {
    const store = openStore();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const lost = await store.tryLock?.('key', 20_000);
    vi.useRealTimers();
    expect(await lost?.extend(20_000)).toBe(false);
    const lease = await store.tryLock?.('key', 20_000);
    expect(lease?.id).toEqual(expect.any(String));
    expect(await store.set('key', 'value', lost === undefined ? {} : { lease: lost })).toBe(false);
  });

  describe('where the path cannot be used', () => {
    it('a directory at the path is left alone', async () => {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'precious'), '');
      await expect(openStore().get('key')).rejects.toMatchObject({ code: 'STORE', message: expect.stringContaining('not a file') });
      expect(readdirSync(join(path, '..'))).toEqual(['tokens.db']);
    });

    it('the error of a file that cannot be used names it and the way out', async () => {
      mkdirSync(`${path}-journal`, { recursive: true });
      const message = `@x/auth-store-sqlite: the file ${path} cannot be used: unable to open database file; it and its directory must belong to this user and be writable`;
      await expect(openStore().get('key')).rejects.toMatchObject({ code: 'STORE', message });
    });

    // In a process of its own: what does not return stops the whole process.
    it.skipIf(process.platform !== 'linux').each(['/proc/none/tokens.db', '/proc/none/a/b/tokens.db', '/proc/self/none/tokens.db'])(
      'a store fails at once where no directory can be made (%s)',
      async (nowhere) => {
        expect(await startChild('fail', nowhere).line()).toMatch(`AuthError: @x/auth-store-sqlite: the file ${nowhere} cannot be used: `);
      },
    );

    it.skipIf(process.platform === 'win32')('a store fails at once where a directory is a link that leads nowhere', async () => {
      symlinkSync(join(directory.path, 'missing'), join(directory.path, 'state'));
      expect(await startChild('fail', path).line()).toMatch(`the file ${path} cannot be used: EEXIST`);
      expect(readdirSync(directory.path)).toEqual(['state']);
    });

    it('a store fails in a way that a provider gets over, and works once the cause is gone', async () => {
      writeFileSync(join(directory.path, 'state'), 'a file where a directory should be');
      const store = openStore();
      await expect(store.get('key')).rejects.toSatisfy(isAuthError);
      await expect(store.set('key', 'value')).rejects.toMatchObject({ code: 'STORE' });
      rmSync(join(directory.path, 'state'));
      expect(await store.set('key', 'value')).toBe(true);
    });
  });
});
