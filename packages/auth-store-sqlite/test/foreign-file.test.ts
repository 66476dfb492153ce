import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it, onTestFinished, vi } from 'vitest';

import { sqliteStore } from '../src/index.ts';
import { defaultPath } from '../src/token-file.ts';
import { type StoreFile, storeFile } from './helpers/store-file.ts';

const invoices = `CREATE TABLE invoice (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO invoice VALUES (7, hex(zeroblob(20000)))`;

const files: readonly [what: string, make: (file: StoreFile) => void | Promise<void>][] = [
  ['a text', ({ path }) => writeFileSync(path, '{"precious":true}\n'.repeat(100))],
  ['a text of a few letters', ({ path }) => writeFileSync(path, 'gar')],
  ['a text of one letter', ({ path }) => writeFileSync(path, 'g')],
  ['a picture', ({ path }) => writeFileSync(path, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(5_000, 7)]))],
  ['the SQLite database of another application', ({ change }) => change(invoices)],
  ['a SQLite database of another application, in write-ahead mode', ({ change }) => change(`PRAGMA journal_mode = WAL; ${invoices}`)],
  [
    'a SQLite database of another application with a damaged page',
    ({ change, overwrite }) => {
      change(invoices);
      overwrite(8_192);
    },
  ],
  [
    'a SQLite database of another application whose end is missing',
    ({ change, path }) => {
      change(invoices);
      truncateSync(path, 8_192);
    },
  ],
  [
    'a file of a newer version of this package',
    async ({ fill, change }) => {
      await fill();
      change('PRAGMA user_version = 2; ALTER TABLE token ADD COLUMN more TEXT');
    },
  ],
  [
    'a file whose header is too damaged to tell whose it is',
    async ({ fill, overwrite }) => {
      await fill();
      overwrite(16, 80);
    },
  ],
];

it.each(files)('%s is left as it is, and the error says which file to delete', async (_, make) => {
  const file = storeFile();
  await make(file);
  const before = { bytes: readFileSync(file.path), mode: statSync(file.path).mode, names: readdirSync(dirname(file.path)) };
  const link = join(dirname(file.path), 'link.db');
  for (const path of [file.path, link]) {
    if (path === link) symlinkSync(file.path, link);
    const store = sqliteStore({ path });
    onTestFinished(() => store[Symbol.dispose]());
    const error = { code: 'STORE', message: expect.stringMatching(new RegExp(`${file.path}.*delete it`)) };
    await expect(store.get('key')).rejects.toMatchObject(error);
    await expect(store.set('key', 'value')).rejects.toMatchObject(error);
  }
  rmSync(link);
  expect(readFileSync(file.path).equals(before.bytes)).toBe(true);
  expect(statSync(file.path).mode).toBe(before.mode);
  expect(readdirSync(dirname(file.path))).toEqual(before.names);
  expect(file.setAside).toEqual([]);
});

it('a newer version’s file at the default path is left as it is, too', async () => {
  vi.stubEnv('HOME', dirname(storeFile().path));
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = defaultPath() ?? '';
  mkdirSync(dirname(path), { recursive: true });
  const newer = storeFile();
  await newer.fill();
  newer.change('PRAGMA user_version = 2');
  const bytes = readFileSync(newer.path);
  writeFileSync(path, bytes);
  using store = sqliteStore();
  await expect(store.get('key')).rejects.toMatchObject({ code: 'STORE', message: expect.stringContaining(path) });
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

it('a store works once somebody has deleted the file that was in its way', async () => {
  const file = storeFile();
  writeFileSync(file.path, 'garbage '.repeat(1_000));
  const store = file.open();
  await expect(store.get('key')).rejects.toMatchObject({ code: 'STORE' });
  rmSync(file.path);
  expect(await store.set('key', 'value')).toBe(true);
});
