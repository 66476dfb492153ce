import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import { onTestFinished } from 'vitest';

import { certificate, lookup } from './places.ts';

/** Sends a request with a token: the status of the answer. A POST has a text for a body. */
export type Send = (provider: TokenProvider, url: string, method: 'GET' | 'POST') => Promise<number>;

/** One way to send a request with a token, in which redirects are followed. */
export interface Client {
  readonly name: string;
  /** Whether it hands out the 3xx of a request whose token has a header that undici does not know, in place of following it. */
  readonly handsOut: boolean;
  /** Whether each hop of a redirect is a request of its own, of which nothing shows where it comes from: then the vendor gets the token on the way back, too. */
  readonly isAnewEachHop: boolean;
  /** Makes it ready for the running test. */
  open(): Send;
}

type Undici = typeof undici8;

// What is used of undici 7 has the same shape, and undici's fetch has types of its own.
const older = undici7 as unknown as Undici;
const fetchOf = (undici: Undici): typeof fetch => undici.fetch as unknown as typeof fetch;

/** An agent that takes every host name for this machine, and trusts its certificate. */
function agentOf(undici: Undici): undici8.Agent {
  const agent = new undici.Agent({ connect: { lookup, ca: certificate } });
  onTestFinished(() => agent.destroy());
  return agent;
}

function interceptor(name: string, undici: Undici, redirect: 'inside' | 'outside', between: 'retry' | 'nothing'): Client {
  const { interceptors, request } = undici;
  const follow = [interceptors.redirect({ maxRedirections: 5 }), ...(between === 'retry' ? [interceptors.retry()] : [])];
  return {
    name: `the interceptor of ${name}, with redirect ${redirect} and ${between} in between`,
    handsOut: undici === older && redirect === 'inside',
    isAnewEachHop: false,
    open() {
      const agent = agentOf(undici);
      return async (provider, url, method) => {
        const auth = authInterceptor(provider);
        const dispatcher = agent.compose(...(redirect === 'inside' ? [...follow, auth] : [auth, ...follow.toReversed()]));
        const response = await request(url, { dispatcher, method, body: method === 'POST' ? 'text' : null });
        await response.body.dump();
        return response.statusCode;
      };
    },
  };
}

/** Node's own fetch takes the agents of the undici that is nearest to its own. */
function authFetch(name: string, send: typeof fetch | undefined, undici: Undici): Client {
  return {
    name: `createAuthFetch over ${name}`,
    handsOut: false,
    isAnewEachHop: false,
    open() {
      // Every fetch here passes `dispatcher` on to its own undici; the type knows the one that Node's types come with.
      const init: object = { dispatcher: agentOf(undici) };
      return async (provider, url, method) => {
        const response = await createAuthFetch(provider, { fetch: send })(url, {
          ...init,
          method,
          body: method === 'POST' ? 'text' : null,
        });
        await response.arrayBuffer();
        return response.status;
      };
    },
  };
}

/** A fetch follows redirects around its dispatcher. */
function fetchThroughInterceptor(name: string, undici: Undici): Client {
  return {
    name: `the fetch of ${name} through the interceptor`,
    handsOut: false,
    isAnewEachHop: true,
    open() {
      const agent = agentOf(undici);
      return async (provider, url, method) => {
        const dispatcher = agent.compose(authInterceptor(provider));
        const response = await undici.fetch(url, { dispatcher, method, body: method === 'POST' ? 'text' : null });
        await response.arrayBuffer();
        return response.status;
      };
    },
  };
}

/** Every way. */
export const clients: readonly Client[] = [
  interceptor('undici 8', undici8, 'inside', 'nothing'),
  interceptor('undici 8', undici8, 'outside', 'nothing'),
  interceptor('undici 8', undici8, 'outside', 'retry'),
  interceptor('undici 7', older, 'inside', 'nothing'),
  interceptor('undici 7', older, 'outside', 'nothing'),
  interceptor('undici 7', older, 'outside', 'retry'),
  authFetch('the global fetch', undefined, older),
  authFetch('the fetch of undici 8', fetchOf(undici8), undici8),
  authFetch('the fetch of undici 7', fetchOf(older), older),
  fetchThroughInterceptor('undici 8', undici8),
  fetchThroughInterceptor('undici 7', older),
];
