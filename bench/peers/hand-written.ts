import * as names from './names.ts';
import { get, type LoggedIn, type Peer } from './peer.ts';

/** What an integrator writes: the login under way is shared, and a token is good until its end. */
export const handWritten: Peer = {
  name: names.handWritten,
  open({ login }) {
    let kept: Promise<LoggedIn> | undefined;
    let endsAt = 0;
    const getToken = (): Promise<LoggedIn> => {
      if (kept === undefined || Date.now() >= endsAt) {
        endsAt = Number.POSITIVE_INFINITY;
        kept = login();
        kept.then(
          (token) => (endsAt = token.expiresAt),
          () => (kept = undefined),
        );
      }
      return kept;
    };
    return {
      getToken,
      async call(url) {
        const used = kept;
        const status = await get(url, `Bearer ${(await getToken()).value}`);
        if (status !== 401) return status;
        if (kept === used) kept = undefined;
        return get(url, `Bearer ${(await getToken()).value}`);
      },
    };
  },
};

/** What a first draft does: a login before each call. */
export const loginEachTime: Peer = {
  name: names.loginEachTime,
  open: ({ login }) => ({
    getToken: login,
    call: async (url) => get(url, `Bearer ${(await login()).value}`),
  }),
};
