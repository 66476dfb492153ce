import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { sqliteStore } from '../src/index.ts';
import { defaultPath } from '../src/token-file.ts';
import { type StoreFile, storeFile } from './helpers/store-file.ts';

/** What was done to a file of ours that still says whose it is. */
const damages: readonly [what: string, damage: (file: StoreFile) => void][] = [
  ['its pages are broken', ({ overwrite }) => overwrite(4_096)],
  ['its schema is broken', ({ overwrite }) => overwrite(100, 4_096)],
  ['its second half is missing', ({ path }) => truncateSync(path, 8_192)],
  ['all but its first page is missing', ({ path }) => truncateSync(path, 5_000)],
  ['a table is missing', ({ change }) => change('DROP TABLE lease')],
  ['a table has other columns', ({ change }) => change('DROP TABLE token; CREATE TABLE token (id INTEGER)')],
];

describe('a damaged file of this package', () => {
  it.each(damages)('a file of this package is set aside and replaced, and said to be so, where %s', async (_, damage) => {
    const file = storeFile();
    await file.fill();
    damage(file);
    const damaged = readFileSync(file.path);
    const store = file.open();
    const lease = await store.tryLock?.('key 1', 5_000);
    expect(await store.get('key 1')).toBeUndefined();
    expect(await store.set('key 1', 'value', lease === undefined ? {} : { lease })).toBe(true);
    expect(await file.open().get('key 1')).toBe('value');
    expect(file.setAside).toEqual([{ path: file.path, movedTo: file.aside(), why: expect.any(String) }]);
    expect(readFileSync(file.aside()).length).toBe(damaged.length);
  });

  it('a file that a symbolic link leads to is set aside itself, and both ways lead to the new one', async () => {
    const file = storeFile();
    const link = join(dirname(file.path), 'link.db');
    symlinkSync(file.path, link);
    const byLink = sqliteStore({ path: link });
    onTestFinished(() => byLink[Symbol.dispose]());
    await byLink.set('key', 'where there was nothing yet');
    expect(await file.open().get('key')).toBe('where there was nothing yet');
    await file.fill();
    byLink[Symbol.dispose]();
    file.overwrite(4_096);
    const again = sqliteStore({ path: link });
    onTestFinished(() => again[Symbol.dispose]());
    await again.set('key', 'value');
    expect(await file.open().get('key')).toBe('value');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(file.setAside).toHaveLength(1);
  });

  it.each([
    ['overwritten', ({ overwrite }: StoreFile) => overwrite(0)],
    ['replaced by a text', ({ path }: StoreFile) => writeFileSync(path, 'garbage '.repeat(1_000))],
    ['cut off', ({ path }: StoreFile) => truncateSync(path, 5_000)],
  ])('a file that is %s while a store has it open is replaced by that store', async (_, damage) => {
    const file = storeFile();
    await file.fill();
    const store = file.open();
    await store.get('key 1');
    damage(file);
    expect(await store.set('key 1', 'again')).toBe(true);
    expect(await file.open().get('key 1')).toBe('again');
    expect(file.setAside).toHaveLength(1);
  });

  it.each([
    ['emptied', ({ path }: StoreFile) => truncateSync(path)],
    ['removed', ({ path }: StoreFile) => rmSync(path)],
  ])('a file that is %s while a store has it open is made anew', async (_, remove) => {
    const file = storeFile();
    await file.fill();
    const store = file.open();
    await store.get('key 1');
    remove(file);
    expect(await store.get('key 1')).toBeUndefined();
    expect(await store.set('key 1', 'again')).toBe(true);
    expect(await file.open().get('key 1')).toBe('again');
    expect(file.setAside).toEqual([]);
  });

  it('a file is set aside even where what keeps processes apart meanwhile is damaged too', async () => {
    const file = storeFile();
    await file.fill();
    file.overwrite(4_096);
    writeFileSync(`${file.path}.guard`, 'garbage '.repeat(1_000));
    expect(await file.open().set('key', 'value')).toBe(true);
    expect(file.setAside).toHaveLength(1);
  });
});

describe('the file at the default path', () => {
  it.each(['garbage '.repeat(1_000), 'gar', 'g'])(
    'whatever lies damaged at the default path is set aside, closed to others (%#)',
    async (text) => {
      const home = dirname(storeFile().path);
      vi.stubEnv('HOME', home);
      onTestFinished(() => void vi.unstubAllEnvs());
      const path = defaultPath() ?? '';
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { mode: 0o644 });
      using store = sqliteStore();
      expect(await store.set('key', 'value')).toBe(true);
      const names = readdirSync(dirname(path));
      expect(names.filter((name) => name.startsWith('tokens.db.damaged-'))).toHaveLength(1);
      if (process.platform === 'win32') return;
      for (const name of names) expect([name, statSync(join(dirname(path), name)).mode & 0o777]).toEqual([name, 0o600]);
    },
  );
});
