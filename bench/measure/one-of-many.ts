/** One of several processes that call a vendor on one account. It waits for the word to begin. */
import { once } from 'node:events';

import { answer, readInput } from '../harness/own-process.ts';
import { loadPeer } from '../peers/load.ts';
import { callPath, type Client, get, vendorAt } from '../peers/peer.ts';

export interface OneOfManyInput {
  readonly contender: string;
  readonly vendorUrl: string;
  readonly requests: number;
  readonly atOnce: number;
  /** For a contender of ours: where its store is. */
  readonly sqlitePath?: string;
  readonly redisUrl?: string;
  /** For a fixed header. */
  readonly token?: string;
}

export interface OneOfManyAnswer {
  readonly failed: number;
}

const { contender, vendorUrl, requests, atOnce, sqlitePath, redisUrl, token } = readInput<OneOfManyInput>();

/** What a contender does not need is not imported: eight processes start at once. */
async function openClient(): Promise<Client> {
  if (token !== undefined) return { call: (url) => get(url, `Bearer ${token}`) };
  if (sqlitePath !== undefined) return openOverSqlite(sqlitePath);
  if (redisUrl !== undefined) return openOverRedis(redisUrl);
  return (await loadPeer(contender)).open(vendorAt(vendorUrl));
}

async function openOverSqlite(path: string): Promise<Client> {
  const { openOurs } = await import('../peers/ours.ts');
  const { sqliteStore } = await import('@x/auth-store-sqlite');
  return openOurs({ url: vendorUrl }, { store: sqliteStore({ path }) });
}

async function openOverRedis(url: string): Promise<Client> {
  const { openOurs } = await import('../peers/ours.ts');
  const { redisStore } = await import('@x/auth-store-redis');
  const { createClient } = await import('redis');
  const connected = await createClient({ url })
    .on('error', (error: Error) => console.error(error.message))
    .connect();
  return openOurs({ url: vendorUrl }, { store: redisStore(connected) });
}

const client = await openClient();
await answer('ready');
await once(process, 'message');
let begun = 0;
let failed = 0;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (begun < requests) {
      begun += 1;
      const status = await client.call(`${vendorUrl}${callPath}`).catch(() => 0);
      if (status !== 200) failed += 1;
    }
  }),
);
await answer({ failed } satisfies OneOfManyAnswer);
process.on('disconnect', () => process.exit());
