import { setTimeout as pause } from 'node:timers/promises';

import { createTokenProviderPool, memoryStore } from '@x/auth-core';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';

import { ports } from './pool-ports.ts';

/** What was found, in bytes of heap per provider. */
export interface PoolMeasurement {
  /** How many were made and never used. */
  readonly providers: number;
  readonly idle: number;
  /** With a token, its entry in the shared store included. */
  readonly withToken: number;
}

const providers = 10_000;
const [baseUrl = ''] = process.argv.slice(2);

process.send?.(await measurePool());
process.disconnect?.();

async function measurePool(): Promise<PoolMeasurement> {
  const pool = createTokenProviderPool(
    (key, { store }) => createDatacomsysTokenProvider({ baseUrl, ...ports.codeAndPassword, idERP: Number(key), store }),
    { max: 2 * providers, store: memoryStore({ max: 2 * providers }) },
  );
  // What is made once, whoever asks, is not the providers': connections, compiled code.
  await pool.warm(range(ports.measured, ports.measured + ports.before), { concurrency: 8 });
  const empty = await heapUsed();
  for (const key of range(100_000, 100_000 + providers)) pool.get(key);
  const idle = ((await heapUsed()) - empty) / providers;
  const keys = range(0, ports.measured);
  for (const key of keys) pool.get(key);
  const cold = await heapUsed();
  const { ready } = await pool.warm(keys, { concurrency: 8 });
  const withToken = idle + ((await heapUsed()) - cold) / ready;
  return { providers: pool.size - ports.before - ready, idle, withToken };
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}

/** Of what a request leaves behind, some is only given up by a later turn's collection. */
async function heapUsed(): Promise<number> {
  for (let turns = 0; turns < 5; turns += 1) {
    globalThis.gc?.();
    await pause(50);
  }
  return process.memoryUsage().heapUsed;
}
