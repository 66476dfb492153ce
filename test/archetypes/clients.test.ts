import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import type { Sandbox } from '@x/auth-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Account } from './account.ts';
import { type Archetype, archetypes } from './archetypes.ts';

/** Asks for the protected resource: the status of the answer. */
type Ask = (provider: TokenProvider, url: string) => Promise<number>;

const clients: readonly (readonly [name: string, ask: Ask])[] = [
  ['the interceptor of undici 8', (provider, url) => askThrough(undici8, provider, url)],
  // What is used of undici 7 has the same shape.
  ['the interceptor of undici 7', (provider, url) => askThrough(undici7 as unknown as typeof undici8, provider, url)],
  ['createAuthFetch', async (provider, url) => (await createAuthFetch(provider)(url)).status],
];

async function askThrough({ Agent, request }: typeof undici8, provider: TokenProvider, url: string): Promise<number> {
  const dispatcher = new Agent().compose(authInterceptor(provider));
  const { statusCode, body } = await request(url, { dispatcher });
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
      const url = sandbox.url + archetype.resource;
      expect([await ask(provider, url), sandbox.logins]).toEqual([200, 1]);
      expect(Object.keys(provider.requestHeaders(await provider.getToken()))).toEqual(archetype.tokenHeaders);
      sandbox.revoke();
      expect([await ask(provider, url), sandbox.logins]).toEqual([200, 2]);
      expect([await ask(provider, url), sandbox.logins]).toEqual([200, 2]);
    },
  );

  test('the resource is below the base URL of the provider', async () => {
    const { sandbox, provider } = await start(archetype);
    const path = (sandbox.url + archetype.resource).slice(provider.baseUrl.length);
    expect(sandbox.url + archetype.resource).toBe(provider.baseUrl + path);
    expect((await createAuthFetch(provider)(path)).status).toBe(200);
  });
});
