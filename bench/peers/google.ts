import { OAuth2Client } from 'google-auth-library';

import * as names from './names.ts';
import type { Peer } from './peer.ts';

/** It takes any login: `refreshHandler`. */
export const google: Peer = {
  name: names.google,
  open({ login }) {
    // A rejected token is replaced only where its end is not known, or by this option.
    const client = new OAuth2Client({ forceRefreshOnFailure: true });
    client.refreshHandler = async () => {
      const { value, expiresAt } = await login();
      return { access_token: value, expiry_date: expiresAt };
    };
    return {
      getToken: () => client.getAccessToken(),
      call: async (url) => (await client.request({ url, validateStatus: (status) => status !== 401 })).status,
    };
  },
};
