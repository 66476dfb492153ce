import type { TokenStore } from '@x/auth-core';
import { redisStore } from '@x/auth-store-redis';
import { sqliteStore } from '@x/auth-store-sqlite';
import { createClient } from 'redis';

/** Which store a process is to open: plain data, so that it can be told to another process. */
export type StoreSpec =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis'; readonly url: string; readonly disableOfflineQueue?: boolean };

export interface OpenedStore extends Disposable {
  readonly store: TokenStore;
}

export async function openStore(spec: StoreSpec): Promise<OpenedStore> {
  if (spec.kind === 'sqlite') {
    const store = sqliteStore({ path: spec.path });
    return { store, [Symbol.dispose]: () => store[Symbol.dispose]() };
  }
  const client = createClient({ url: spec.url, disableOfflineQueue: spec.disableOfflineQueue ?? false });
  // As in every application: without a listener, a lost connection would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return { store: redisStore(client), [Symbol.dispose]: () => client.destroy() };
}
