import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memoryStore, type TokenStore } from '@x/auth-core';
import { sqliteStore } from '@x/auth-store-sqlite';

/** A new, empty store. */
interface OpenedStore extends Disposable {
  readonly store: TokenStore;
}

export type OpenStore = (() => OpenedStore) & { readonly store: string };

const openMemory = (): OpenedStore => ({ store: memoryStore(), [Symbol.dispose]: () => undefined });

function openSqlite(): OpenedStore {
  const directory = mkdtempSync(join(tmpdir(), 'auth-matrix-'));
  const store = sqliteStore({ path: join(directory, 'tokens.db') });
  return {
    store,
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export const stores: readonly OpenStore[] = [
  Object.assign(openMemory, { store: 'a store in memory' }),
  Object.assign(openSqlite, { store: 'SQLite' }),
];
