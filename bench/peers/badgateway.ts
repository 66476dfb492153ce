import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';

import * as names from './names.ts';
import type { Peer } from './peer.ts';

/** It takes any login: `getNewToken`. */
export const badgateway: Peer = {
  name: names.badgateway,
  open({ login, tokenUrl }) {
    const client = new OAuth2Client({ clientId: 'bench', clientSecret: 'bench', tokenEndpoint: tokenUrl });
    const fetcher = new OAuth2Fetch({
      client,
      getNewToken: async () => {
        const { value, expiresAt } = await login();
        return { accessToken: value, expiresAt, refreshToken: null };
      },
    });
    return {
      getToken: () => fetcher.getAccessToken(),
      async call(url) {
        const response = await fetcher.fetch(url);
        await response.arrayBuffer();
        return response.status;
      },
    };
  },
};
