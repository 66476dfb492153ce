import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import type { ProtectedCall, Sandbox } from '@x/auth-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Account } from './account.ts';
import { type Archetype, archetypes } from './archetypes.ts';

/** Makes the protected call: the status of the answer. */
type Ask = (provider: TokenProvider, call: ProtectedCall) => Promise<number>;

const clients: readonly (readonly [name: string, ask: Ask])[] = [
  ['the interceptor of undici 8', (provider, call) => askThrough(undici8, provider, call)],
  // What is used of undici 7 has the same shape.
  ['the interceptor of undici 7', (provider, call) => askThrough(undici7 as unknown as typeof undici8, provider, call)],
  ['createAuthFetch', async (provider, { path = '', ...init }) => (await createAuthFetch(provider)(path, init)).status],
];

async function askThrough({ Agent, request }: typeof undici8, provider: TokenProvider, call: ProtectedCall): Promise<number> {
  const { path = '', ...init } = call;
  const dispatcher = new Agent().compose(authInterceptor(provider));
  const { statusCode, body } = await request(provider.baseUrl + path, { ...init, dispatcher });
  await body.dump();
  await dispatcher.close();
  return statusCode;
}

async function start({ startSandbox, create }: Archetype): Promise<{ sandbox: Sandbox<Account>; provider: TokenProvider }> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const [account] = sandbox.accounts;
  return { sandbox, provider: create({ baseUrl: sandbox.url, account, password: account.password }, {}) };
}

describe.each(archetypes)('$name', (archetype) => {
  test.each(clients)(
    'calls carry the token, and a revoked one is replaced without the caller noticing, through %s',
    async (_client, ask) => {
      const { sandbox, provider } = await start(archetype);
      expect([await ask(provider, archetype.call), sandbox.logins]).toEqual([200, 1]);
      expect(Object.keys(provider.requestHeaders(await provider.getToken()))).toEqual(archetype.tokenHeaders);
      sandbox.revoke();
      expect([await ask(provider, archetype.call), sandbox.logins]).toEqual([200, 2]);
      expect([await ask(provider, archetype.call), sandbox.logins]).toEqual([200, 2]);
    },
  );
});
