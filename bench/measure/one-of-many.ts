/** One of several processes that call a vendor on one account. It waits for the word to begin. */
import { once } from 'node:events';

import { redisStore } from '@x/auth-store-redis';
import { sqliteStore } from '@x/auth-store-sqlite';
import { createClient } from 'redis';

import { answer, readInput } from '../harness/own-process.ts';
import { loadPeer } from '../peers/load.ts';
import { openOurs } from '../peers/ours.ts';
import { type Client, get, vendorAt } from '../peers/peer.ts';

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

async function openClient(): Promise<Client> {
  if (token !== undefined) return { call: (url) => get(url, `Bearer ${token}`) };
  if (sqlitePath !== undefined) return openOurs({ url: vendorUrl }, { store: sqliteStore({ path: sqlitePath }) });
  if (redisUrl === undefined) return (await loadPeer(contender)).open(vendorAt(vendorUrl));
  const client = await createClient({ url: redisUrl })
    .on('error', (error: Error) => console.error(error.message))
    .connect();
  return openOurs({ url: vendorUrl }, { store: redisStore(client) });
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
      const status = await client.call(`${vendorUrl}/account`).catch(() => 0);
      if (status !== 200) failed += 1;
    }
  }),
);
await answer({ failed } satisfies OneOfManyAnswer);
process.on('disconnect', () => process.exit());
