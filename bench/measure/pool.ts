/** Many accounts in one process: bytes of memory for each, with a token of 100 characters, and how long it takes to get at one. */
import { setTimeout as pause } from 'node:timers/promises';

import { createTokenProviderPool } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';

import { ownLoops } from '../harness/loops.ts';
import { answer, readInput } from '../harness/own-process.ts';
import { origin } from '../harness/providers.ts';
import { StubDispatcher } from '../harness/stub-dispatcher.ts';
import { loadPeer } from '../peers/load.ts';
import type { LoggedIn } from '../peers/peer.ts';

export interface PoolInput {
  readonly accounts: number;
  /** `pool` = ours; `map` = a token by its key and nothing else; or a peer's name. */
  readonly contender: string;
}

export interface PoolAnswer {
  /** Bytes for each account. */
  readonly bytes: number;
  /** Nanoseconds of CPU for one account by its key, in an order in which neighbours are far apart; some samples. */
  readonly get: number[];
  /** The same for ten of the accounts, again and again: they stay in the processor's cache, so that only the work of `get` counts. */
  readonly getOfTen: number[];
}

const { accounts, contender } = readInput<PoolInput>();
let issued = 0;

/** Another text of 100 characters each time. */
function newToken(): string {
  issued += 1;
  return Buffer.from(String(issued).padStart(75, '.')).toString('base64');
}

interface Filled {
  readonly get: (key: string) => unknown;
}

async function fillPool(keys: readonly string[]): Promise<Filled> {
  const dispatcher = new StubDispatcher(origin, () => ({ status: 200, msg: 'ok', data: { token: newToken() } }));
  const pool = createTokenProviderPool(
    (key, { store }) =>
      createDatacomsysTokenProvider({ baseUrl: origin, codePort: 'MTP', idERP: Number(key), password: 'password', store, dispatcher }),
    { max: 2 * accounts },
  );
  const { failed } = await pool.warm(keys, { concurrency: 16 });
  if (failed.length > 0) throw new Error(`${failed.length} accounts have no token: ${String(failed[0]?.error)}`);
  return pool;
}

async function fillMap(keys: readonly string[]): Promise<Filled> {
  return new Map(keys.map((key) => [key, newToken()]));
}

/** One client of the library for each account, in a Map. */
async function fillClients(keys: readonly string[], name: string): Promise<Filled> {
  const peer = await loadPeer(name);
  const expiresAt = Date.UTC(2099, 0, 1);
  const clients = new Map<string, unknown>();
  for (const key of keys) {
    const first: LoggedIn = { value: newToken(), expiresAt };
    const client = peer.open({ login: async () => ({ value: newToken(), expiresAt }), url: origin, tokenUrl: `${origin}/token`, first });
    await client.getToken?.();
    clients.set(key, client);
  }
  return clients;
}

function fill(keys: readonly string[]): Promise<Filled> {
  if (contender === 'pool') return fillPool(keys);
  return contender === 'map' ? fillMap(keys) : fillClients(keys, contender);
}

async function memory(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc?.();
    await pause(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** As a user makes them: each is one piece of memory. */
function keysFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index));
}

// What is made once, whoever asks, is no account's: compiled code, and a few accounts that stay.
const before = await fill(keysFrom(5_000_000, 50));
const keys = keysFrom(0, accounts);
const empty = await memory();
const filled = await fill(keys);
const bytes = ((await memory()) - empty) / accounts;

/** The accounts in steps of a prime, which meet each of them: neighbours are far apart in memory. */
function inLongSteps(met: readonly string[]): () => unknown {
  const stride = 7_919;
  let at = 0;
  return () => {
    at = (at + stride) % met.length;
    return filled.get(met[at] ?? '');
  };
}

const { callReads } = await ownLoops(contender);

function sample(met: readonly string[]): number[] {
  const next = inLongSteps(met);
  // Each account is met several times: what a pool has to tidy up after so many uses counts, too.
  const uses = Math.max(5_000, Math.floor(accounts / 3));
  return Array.from({ length: 12 }, () => callReads(next, uses)).slice(2);
}

const get = sample(keys);
const ten = Array.from({ length: 10 }, (_, index) => keys[Math.floor((index * accounts) / 10)] ?? '');
const getOfTen = sample(ten);
if (before.get('5000000') === undefined) throw new Error('what was made first is gone');
await answer({ bytes, get, getOfTen } satisfies PoolAnswer);
