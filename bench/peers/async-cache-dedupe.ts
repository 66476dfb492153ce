import { createCache } from 'async-cache-dedupe';

import * as names from './names.ts';
import { get, type LoggedIn, type Peer } from './peer.ts';

/** A cache of anything, with the token as its value. */
export const asyncCacheDedupe: Peer = {
  name: names.asyncCacheDedupe,
  open({ login }) {
    const cache = createCache({ storage: { type: 'memory' } }).define(
      'token',
      { ttl: ({ expiresAt }: LoggedIn) => Math.floor((expiresAt - Date.now()) / 1_000) },
      async (_account: string): Promise<LoggedIn> => login(),
    );
    const getToken = (): Promise<LoggedIn> => cache.token('account');
    return { getToken, call: async (url) => get(url, `Bearer ${(await getToken()).value}`) };
  },
};
