import { type AccessToken, ClientCredentials } from 'simple-oauth2';

import * as names from './names.ts';
import { get, type Peer } from './peer.ts';

/** Its README's window. */
const secondsAhead = 300;

/** It keeps no token: this is the memo of its README, a new one when the last is about to end. */
export const simpleOauth2: Peer = {
  name: names.simpleOauth2,
  open({ tokenUrl, first }) {
    const { origin, pathname } = new URL(tokenUrl);
    const client = new ClientCredentials({
      client: { id: 'bench', secret: 'bench' },
      auth: { tokenHost: origin, tokenPath: pathname },
    });
    let accessToken =
      first === undefined ? undefined : client.createToken({ access_token: first.value, expires_at: new Date(first.expiresAt) });
    const getToken = async (): Promise<AccessToken> => {
      if (accessToken === undefined || accessToken.expired(secondsAhead)) accessToken = await client.getToken({});
      return accessToken;
    };
    return {
      getToken,
      call: async (url) => get(url, `Bearer ${String((await getToken()).token['access_token'])}`),
    };
  },
};
