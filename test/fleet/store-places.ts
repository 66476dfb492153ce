import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createClient } from 'redis';
import { describe } from 'vitest';

import { mustSkipWithoutRedis, startRedisServer } from '../../packages/auth-store-redis/test/redis-server.ts';
import type { StoreSpec } from './store-spec.ts';

/** A new, empty place for tokens, and what a test does behind the stores' backs. */
export interface StorePlace extends AsyncDisposable {
  spec(): StoreSpec;
  /** Everything that is stored there, keys included, as it is found by somebody who reads the file or asks the server. */
  dump(): Promise<string>;
  /** Takes every lease from its holder. */
  dropLeases(): Promise<void>;
}

/** The same tests on both stores; those on Redis are left out, aloud, where there is no server to start. */
export function describeOnEachStore(
  what: string,
  tests: (open: () => Promise<StorePlace>) => void,
  options: { concurrent?: boolean } = {},
): void {
  describe(`${what}, on SQLite`, options, () => {
    tests(openSqlitePlace);
  });
  describe.skipIf(mustSkipWithoutRedis(`${what}, on Redis`))(`${what}, on Redis`, options, () => {
    tests(openRedisPlace);
  });
}

async function openSqlitePlace(): Promise<StorePlace> {
  const directory = mkdtempSync(join(tmpdir(), 'auth-fleet-'));
  const path = join(directory, 'tokens.db');
  return {
    spec: () => ({ kind: 'sqlite', path }),
    dump: async () =>
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'latin1'))
        .join('\n'),
    async dropLeases() {
      using database = new DatabaseSync(path);
      database.exec('DELETE FROM lease');
    },
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openRedisPlace(): Promise<StorePlace> {
  const server = await startRedisServer();
  const client = createClient({ url: server.url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    spec: () => ({ kind: 'redis', url: server.url }),
    async dump() {
      const entries: string[] = [];
      for (const key of await client.keys('*')) entries.push(key, String(await client.get(key)));
      return entries.join('\n');
    },
    async dropLeases() {
      for (const key of await client.keys('auth:lock*')) await client.del(key);
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}
