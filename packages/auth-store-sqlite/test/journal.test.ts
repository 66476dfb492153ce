import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { expect, it, onTestFinished, vi } from 'vitest';

import { sqlite } from '../src/node-sqlite.ts';
import { applySettings } from '../src/schema.ts';
import { storeFile } from './helpers/store-file.ts';

it('no file beside the store’s is mapped into memory, so that nobody who cuts one off ends the process', async () => {
  const file = storeFile();
  await file.fill();
  const store = file.open();
  await store.set('key', 'value');
  expect(existsSync(`${file.path}-shm`)).toBe(false);
  truncateSync(`${file.path}-journal`);
  expect(await store.get('key')).toBe('value');
  if (process.platform === 'linux') expect(readFileSync('/proc/self/maps', 'utf8')).not.toContain(file.path);
});

it('a token that was replaced or deleted is no longer in the file', async () => {
  const file = storeFile();
  const store = file.open();
  await store.set('key', 'an-old-token-nobody-may-find');
  await store.set('gone', 'a-deleted-token-nobody-may-find');
  await store.set('key', 'new');
  await store.delete('gone');
  expect(readFileSync(file.path, 'latin1')).not.toContain('nobody-may-find');
  expect(readFileSync(`${file.path}-journal`, 'latin1')).not.toContain('nobody-may-find');
});

it('a file that was made with a write-ahead log loses it when it is opened', async () => {
  const file = storeFile();
  await file.fill();
  file.change('PRAGMA journal_mode = WAL');
  expect(await file.open().get('key 1')).toBe('value'.repeat(100));
  expect(new DatabaseSync(file.path).prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
});

it('a write-ahead log that somebody gives the file while stores have it open is taken away again', async () => {
  const file = storeFile();
  const stores = [file.open(), file.open()];
  for (const store of stores) await store.set('key', 'value');
  file.change('PRAGMA journal_mode = WAL');
  for (let round = 0; round < 2; round += 1) {
    for (const store of stores) expect(await store.set('key', `round ${round}`)).toBe(true);
  }
  expect(existsSync(`${file.path}-shm`)).toBe(false);
  expect(await file.open().get('key')).toBe('round 1');
});

it('a setting that SQLite does not take is a failure, not a file that is less safe than it looks', () => {
  const file = storeFile();
  const database = new sqlite.DatabaseSync(file.path);
  onTestFinished(() => database.close());
  vi.spyOn(database, 'exec').mockImplementation(() => undefined);
  expect(() => applySettings(database)).toThrowError(
    expect.objectContaining({ code: 'STORE', message: expect.stringContaining('journal_mode') }),
  );
});
