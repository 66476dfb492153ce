import type { TokenStore } from '@x/auth-core';
import type { sqliteStore } from '@x/auth-store-sqlite';

import type { CommandContext } from './command.ts';

/** The machine's store, closed when the command ends; undefined, and said on stderr, where this Node has no SQLite. */
export async function openStore({
  flags,
  stderr,
  defer,
}: Pick<CommandContext, 'flags' | 'stderr' | 'defer'>): Promise<TokenStore | undefined> {
  const { store: path } = flags;
  const open = await loadSqliteStore();
  if (open === undefined) {
    stderr.write('vendor-auth: this Node has no SQLite (22.13 and later have it): nothing is kept, and each call logs in anew');
    return undefined;
  }
  const store = open(typeof path === 'string' ? { path } : {});
  defer(() => store[Symbol.dispose]());
  return store;
}

async function loadSqliteStore(): Promise<typeof sqliteStore | undefined> {
  if (process.getBuiltinModule?.('node:sqlite') === undefined) return undefined;
  return (await import('@x/auth-store-sqlite')).sqliteStore;
}
