import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { fileSetAsideChannel, sqliteStore } from '../src/index.ts';
import { makeDirectory, type TemporaryDirectory } from './helpers/temporary-directory.ts';

describe('a file is set aside and replaced, and said to be so, where', () => {
  let directory: TemporaryDirectory;
  let path: string;
  let messages: unknown[];
  const listen = (message: unknown): void => void messages.push(message);

  beforeEach(() => {
    directory = makeDirectory();
    path = join(directory.path, 'tokens.db');
    messages = [];
    subscribe(fileSetAsideChannel, listen);
  });
  afterEach(() => {
    unsubscribe(fileSetAsideChannel, listen);
    directory.remove();
  });

  function openStore(): ReturnType<typeof sqliteStore> {
    const store = sqliteStore({ path });
    onTestFinished(() => store[Symbol.dispose]());
    return store;
  }

  async function fill(): Promise<void> {
    const store = openStore();
    for (let count = 0; count < 100; count++) await store.set(`key ${count}`, 'value'.repeat(100));
    store[Symbol.dispose]();
  }

  function change(sql: string): void {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  }

  function overwrite(from: number, to?: number): void {
    writeFileSync(path, readFileSync(path).fill(0xaa, from, to));
  }

  const damages: readonly [what: string, damage: () => void][] = [
    ['it is no database at all', () => writeFileSync(path, 'garbage '.repeat(1_000))],
    ['it has but a few bytes', () => writeFileSync(path, 'gar')],
    ['its header is broken', () => overwrite(16, 80)],
    ['its pages are broken', () => overwrite(4_096)],
    ['its second half is missing', () => writeFileSync(path, readFileSync(path).subarray(0, 8_192))],
    ['its schema is of a newer version', () => change('PRAGMA user_version = 2')],
    ['a table is missing', () => change('DROP TABLE lease')],
    ['a table has other columns', () => change('DROP TABLE token; CREATE TABLE token (id INTEGER)')],
  ];

  it.each(damages)('%s', async (_, damage) => {
    await fill();
    damage();
    const damaged = readFileSync(path);
    const store = openStore();
    const lease = await store.tryLock?.('key 1', 5_000);
    expect(await store.get('key 1')).toBeUndefined();
    expect(await store.set('key 1', 'value', lease === undefined ? {} : { lease })).toBe(true);
    expect(await openStore().get('key 1')).toBe('value');
    expect(messages).toEqual([{ path, movedTo: expect.stringMatching(/tokens\.db\.damaged-\d+-\d+$/), why: expect.any(String) }]);
    const aside = readdirSync(dirname(path)).find((name) => /\.damaged-\d+-\d+$/.test(name));
    const kept = readFileSync(join(dirname(path), aside ?? ''));
    expect(kept.length).toBe(damaged.length);
  });

  it('a symbolic link leads to it: the file itself goes, and both ways lead to the new one', async () => {
    const link = join(directory.path, 'link.db');
    symlinkSync(path, link);
    const byLink = sqliteStore({ path: link });
    onTestFinished(() => byLink[Symbol.dispose]());
    await byLink.set('key', 'where there was nothing yet');
    const byPath = openStore();
    expect(await byPath.get('key')).toBe('where there was nothing yet');
    byLink[Symbol.dispose]();
    byPath[Symbol.dispose]();
    writeFileSync(path, 'garbage '.repeat(1_000));
    const again = sqliteStore({ path: link });
    onTestFinished(() => again[Symbol.dispose]());
    await again.set('key', 'value');
    expect(await openStore().get('key')).toBe('value');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(messages).toHaveLength(1);
  });

  it('the damage is done while it is open', async () => {
    await fill();
    const store = openStore();
    await store.get('key 1');
    overwrite(0);
    const other = openStore();
    expect(await other.set('key 1', 'by another')).toBe(true);
    expect(await store.get('key 1')).toBe('by another');
    expect(messages).toHaveLength(1);
  });

  it('even what keeps processes apart while they do it is damaged too', async () => {
    writeFileSync(path, 'garbage '.repeat(1_000));
    writeFileSync(`${path}.guard`, 'garbage '.repeat(1_000));
    expect(await openStore().set('key', 'value')).toBe(true);
    expect(messages).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('others could read it, which they no longer can', async () => {
    writeFileSync(path, 'garbage '.repeat(1_000), { mode: 0o644 });
    await openStore().get('key');
    expect(messages).toHaveLength(1);
    for (const name of readdirSync(dirname(path))) expect([name, statSync(join(dirname(path), name)).mode & 0o777]).toEqual([name, 0o600]);
  });
});
