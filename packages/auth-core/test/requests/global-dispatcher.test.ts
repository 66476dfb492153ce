import { Agent, getGlobalDispatcher, request, setGlobalDispatcher, fetch as undiciFetch } from 'undici';
import { afterEach, expect, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { GOOD, startServer, testProvider, vendor } from './helpers.ts';

const original = getGlobalDispatcher();
afterEach(() => setGlobalDispatcher(original));

test('as the global dispatcher it serves undici’s request and fetch, and Node’s own fetch', async () => {
  const server = await startServer(vendor(() => 't2'));
  const provider = testProvider([server.origin], undefined, false);
  const agent = new Agent();
  setGlobalDispatcher(agent.compose(authInterceptor(provider)));
  for (const call of [async () => (await request(server.origin)).body, () => undiciFetch(server.origin), () => fetch(server.origin)]) {
    expect(await (await call()).json()).toMatchObject(GOOD);
  }
  expect([provider.logins, server.received.length]).toEqual([1, 3]);
  await agent.close();
});

test('Node’s own fetch is repeated after a refusal, and can be aborted while the login is under way', async () => {
  const server = await startServer(vendor(() => 't2'));
  const provider = testProvider([server.origin]);
  const agent = new Agent();
  setGlobalDispatcher(agent.compose(authInterceptor(provider)));
  expect(await (await fetch(server.origin)).json()).toMatchObject(GOOD);
  expect(server.received.length).toBe(2);

  provider.current = undefined;
  const reason = new Error('enough');
  const abort = new AbortController();
  provider.login = () => new Promise(() => setTimeout(() => abort.abort(reason), 10));
  await expect(fetch(server.origin, { signal: abort.signal })).rejects.toBe(reason);
  expect(server.received.length).toBe(2);
  await agent.close();
});
