import { join } from 'node:path';

import { describeTokenStore } from '@x/auth-core/testing';
import { describe, it } from 'vitest';

import { sqliteStore } from '../src/index.ts';
import { makeDirectory } from './helpers/temporary-directory.ts';

describeTokenStore(
  { describe, it },
  {
    name: 'sqliteStore',
    capabilities: { tryLock: true },
    create: () => {
      const directory = makeDirectory();
      const path = join(directory.path, 'tokens.db');
      const store = sqliteStore({ path });
      const opened = [store];
      return {
        store,
        another: () => {
          const other = sqliteStore({ path });
          opened.push(other);
          return other;
        },
        close: () => {
          for (const each of opened) each[Symbol.dispose]();
          directory.remove();
        },
      };
    },
  },
);
