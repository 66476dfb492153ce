import type * as NodeSqliteModule from 'node:sqlite';

import { AuthError } from '@x/auth-core';

type NodeSqlite = typeof NodeSqliteModule;

/**
 * Node's own SQLite. Asked for here instead of imported, because the import of a module that an older Node does not have fails with an error
 * that names neither this package nor the way out, and before any code of ours could say more.
 */
export const sqlite: NodeSqlite = loadSqlite();

function loadSqlite(): NodeSqlite {
  // The declared type is that of a Node which has the module.
  const module = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  if (module !== undefined) return module;
  throw new AuthError({
    code: 'STORE',
    provider: 'auth-store-sqlite',
    message: `@x/auth-store-sqlite needs node:sqlite, which is in Node 22.13 and later; this is Node ${process.versions.node}`,
  });
}
