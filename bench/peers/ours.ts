import { createAuthFetch, type TokenProviderOptions } from '@x/auth-core';
import { createEsignonTokenProvider } from '@x/esignon-auth';

import * as names from './names.ts';
import type { Client, Peer, Vendor } from './peer.ts';

/** eSignon's provider and `createAuthFetch`. */
export function openOurs({ url }: Pick<Vendor, 'url'>, options: TokenProviderOptions = {}): Client {
  const account = { companyId: 'company', email: 'user@example.com', password: 'password', baseUrl: url };
  const provider = createEsignonTokenProvider({ ...account, ...options });
  const authFetch = createAuthFetch(provider);
  return {
    getToken: () => provider.getToken(),
    async call(target) {
      const response = await authFetch(target);
      await response.arrayBuffer();
      return response.status;
    },
  };
}

export const ours: Peer = { name: names.ours, open: (vendor) => openOurs(vendor) };
