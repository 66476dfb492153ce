import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { onTestFinished } from 'vitest';

import { fileSetAsideChannel, sqliteStore } from '../../src/index.ts';
import { makeDirectory } from './temporary-directory.ts';

/** A path for a store's file in a directory of the test's own, and what others may do to the file. */
export interface StoreFile {
  readonly path: string;
  /** What was said of files that were set aside. */
  readonly setAside: unknown[];
  /** Opens a store on it, until the end of the test. */
  open(): ReturnType<typeof sqliteStore>;
  /** Opens a store, writes several pages and closes it. */
  fill(): Promise<void>;
  /** With SQL, as another application would. */
  change(sql: string): void;
  overwrite(from: number, to?: number): void;
  /** Where the one damaged file is now. */
  aside(): string;
}

/** @param name Where the file is to be within the directory. */
export function storeFile(name = 'tokens.db'): StoreFile {
  const directory = makeDirectory();
  onTestFinished(() => directory.remove());
  const path = join(directory.path, name);
  const setAside: unknown[] = [];
  const listen = (message: unknown): void => void setAside.push(message);
  subscribe(fileSetAsideChannel, listen);
  onTestFinished(() => void unsubscribe(fileSetAsideChannel, listen));

  function open(): ReturnType<typeof sqliteStore> {
    const store = sqliteStore({ path });
    onTestFinished(() => store[Symbol.dispose]());
    return store;
  }

  return {
    path,
    setAside,
    open,
    async fill() {
      const store = open();
      for (let count = 0; count < 100; count++) await store.set(`key ${count}`, 'value'.repeat(100));
      store[Symbol.dispose]();
    },
    change(sql) {
      const database = new DatabaseSync(path);
      database.exec(sql);
      database.close();
    },
    overwrite: (from, to) => writeFileSync(path, readFileSync(path).fill(0xaa, from, to)),
    aside() {
      const found = readdirSync(dirname(path)).find((each) => /\.damaged-\d+-\d+$/.test(each));
      if (found === undefined) throw new Error('nothing was set aside');
      return join(dirname(path), found);
    },
  };
}
