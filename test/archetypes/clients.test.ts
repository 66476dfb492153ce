import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import type { Sandbox } from '@x/auth-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Account } from './account.ts';
import { type Archetype, archetypes } from './archetypes.ts';

/** Asks for the protected resource: the status of the answer. */
type Ask = (provider: TokenProvider, path: string) => Promise<number>;

const clients: readonly (readonly [name: string, ask: Ask])[] = [
  ['the interceptor of undici 8', (provider, path) => askThrough(undici8, provider, path)],
  // What is used of undici 7 has the same shape.
  ['the interceptor of undici 7', (provider, path) => askThrough(undici7 as unknown as typeof undici8, provider, path)],
  ['createAuthFetch', async (provider, path) => (await createAuthFetch(provider)(path)).status],
];

async function askThrough({ Agent, request }: typeof undici8, provider: TokenProvider, path: string): Promise<number> {
  const dispatcher = new Agent().compose(authInterceptor(provider));
  const { statusCode, body } = await request(provider.baseUrl + path, { dispatcher });
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
      const path = archetype.resource;
      expect([await ask(provider, path), sandbox.logins]).toEqual([200, 1]);
      expect(Object.keys(provider.requestHeaders(await provider.getToken()))).toEqual(archetype.tokenHeaders);
      sandbox.revoke();
      expect([await ask(provider, path), sandbox.logins]).toEqual([200, 2]);
      expect([await ask(provider, path), sandbox.logins]).toEqual([200, 2]);
    },
  );
});
