import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Session } from 'node:inspector/promises';
import { inspect } from 'node:util';

import { authInterceptor, createAuthFetch, memoryStore, type TokenProvider, type TokenStore } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { type FaultyServer, startFaultyServer } from '@x/auth-core/testing';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import * as undici8 from 'undici';
import * as undici7 from 'undici7';
import { describe, expect, onTestFinished, test } from 'vitest';

import { startRawServer } from '../../packages/auth-core/test/provider/exchange.ts';

type Undici = typeof undici8;

// What is used of undici 7 has the same shape.
const versions: [name: string, undici: Undici][] = [
  ['undici 8', undici8],
  ['undici 7', undici7 as unknown as Undici],
];

/** A server that tells whose token a request carried, or redirects to what `?to=` names. Its answers may be cached. */
async function startServer(): Promise<FaultyServer> {
  const server = await startFaultyServer(({ url, headers }) => {
    const location = url.searchParams.get('to');
    if (location !== null) return { status: 302, headers: { location } };
    return {
      status: 200,
      headers: { 'cache-control': 'max-age=60' },
      json: { authorization: headers.authorization, token: headers['x-token'], own: headers['x-own'] },
    };
  });
  onTestFinished(() => server.close());
  return server;
}

function providerOf(baseUrl: string, value: string, header?: string): TokenProvider {
  return createTokenProvider({
    name: 'vendor',
    baseUrl,
    identity: value,
    login: async () => ({ value }),
    isRejection: () => false,
    ...(header === undefined ? {} : { requestHeaders: (token) => ({ [header]: token.value }) }),
  });
}

function agentOf(undici: Undici): undici8.Agent {
  const agent = new undici.Agent();
  onTestFinished(() => agent.destroy());
  return agent;
}

describe.each(versions)('%s', (_name, undici) => {
  test('undici’s own channels show the headers of a request, the token’s, too', async () => {
    const shown: string[] = [];
    const listen = (message: unknown): void => void shown.push(String(Reflect.get(Object(message), 'headers')));
    subscribe('undici:client:sendHeaders', listen);
    onTestFinished(() => void unsubscribe('undici:client:sendHeaders', listen));
    const server = await startServer();
    const dispatcher = agentOf(undici).compose(authInterceptor(providerOf(server.url, 'the-token')));
    await (await undici.request(server.url, { dispatcher })).body.dump();
    expect(shown.join('')).toContain('the-token');
  });

  test('the error of an answer that is no HTTP keeps what came, but an error of a login does not', async () => {
    await using server = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\nno header the-token\r\n\r\n'));
    const origin = new URL(server.url).origin;
    const dispatcher = agentOf(undici).compose(authInterceptor(providerOf(origin, 'the-token')));
    const failure = await undici.request(origin, { dispatcher }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'HTTPParserError', data: expect.stringContaining('the-token') });
    const login = createDatacomsysTokenProvider({
      baseUrl: origin,
      codePort: 'MTP',
      idERP: 15,
      password: 'the-token',
      dispatcher: agentOf(undici),
    });
    const refused = await login.getToken().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'BAD_RESPONSE' });
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('the-token');
  });

  test('a deduplicate around the interceptor hands one account’s answer to another', async () => {
    const server = await startServer();
    server.fail({ slow: 200 });
    const share = undici.interceptors.deduplicate();
    const agent = agentOf(undici);
    const answers = ['token-a', 'token-b'].map(async (value) => {
      const provider = providerOf(server.url, value);
      await provider.getToken();
      const dispatcher = agent.compose(authInterceptor(provider), share);
      return (await undici.request(server.url, { dispatcher })).body.json();
    });
    expect(await Promise.all(answers)).toEqual([{ authorization: 'token-a' }, { authorization: 'token-a' }]);
  });

  test('a cache around the interceptor hands one account’s answer to another', async () => {
    const server = await startServer();
    const keep = undici.interceptors.cache({ store: new undici.cacheStores.MemoryCacheStore() });
    const agent = agentOf(undici);
    const answers: unknown[] = [];
    for (const value of ['token-a', 'token-b']) {
      const dispatcher = agent.compose(authInterceptor(providerOf(server.url, value)), keep);
      answers.push(await (await undici.request(server.url, { dispatcher })).body.json());
    }
    expect(answers).toEqual([{ authorization: 'token-a' }, { authorization: 'token-a' }]);
  });
});

test.each(['Client', 'Pool'] as const)(
  'a %s of undici 7 takes the token wherever it leads, if a request names the vendor',
  async (kind) => {
    const stranger = await startServer();
    const client = new undici7[kind](stranger.url);
    onTestFinished(() => client.destroy());
    // The interceptor has the types of undici 8.
    const auth = authInterceptor(
      providerOf('https://vendor.example', 'the-token'),
    ) as unknown as undici7.Dispatcher.DispatcherComposeInterceptor;
    const { body } = await client.compose(auth).request({ origin: 'https://vendor.example', path: '/', method: 'GET' });
    expect(await body.json()).toEqual({ authorization: 'the-token' });
  },
);

test('undici 8: a list of header names that was given to its redirect holds no longer where the token has a header of its own', async () => {
  const [vendor, stranger] = [await startServer(), await startServer()];
  const redirect = undici8.interceptors.redirect({ maxRedirections: 1, stripHeadersOnCrossOriginRedirect: ['x-own'] });
  const url = `${vendor.url}/?to=${stranger.url}`;
  const headers = { 'x-own': 'mine' };
  const seenBy = async (header: string, options: object = {}): Promise<unknown> => {
    const dispatcher = agentOf(undici8).compose(redirect, authInterceptor(providerOf(vendor.url, 'the-token', header)));
    return (await undici8.request(url, { dispatcher, headers, ...options })).body.json();
  };
  expect(await seenBy('authorization')).toEqual({});
  expect(await seenBy('x-token')).toEqual({ own: 'mine' });
  // The option of the request itself is kept.
  expect(await seenBy('x-token', { stripHeadersOnCrossOriginRedirect: ['x-own'] })).toEqual({});
});

test('a fetch that keeps Authorization over a redirect to another port takes the token there', async () => {
  const [vendor, stranger] = [await startServer(), await startServer()];
  // As node-fetch does it: another port of the same host is no other site.
  const careless: typeof fetch = async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    return fetch(response.headers.get('location') ?? '', init);
  };
  const authFetch = createAuthFetch(providerOf(vendor.url, 'the-token'), { fetch: careless });
  expect(await (await authFetch(`/?to=${stranger.url}`)).json()).toEqual({ authorization: 'the-token' });
});

test('a debugger shows the value of a token', async () => {
  const session = new Session();
  session.connect();
  onTestFinished(() => session.disconnect());
  const token = await providerOf('https://vendor.example', 'the-token').getToken();
  Reflect.set(globalThis, 'tokenForDebugger', token);
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'tokenForDebugger'));
  const { result } = await session.post('Runtime.evaluate', { expression: 'tokenForDebugger' });
  expect(JSON.stringify(await session.post('Runtime.getProperties', { objectId: result.objectId ?? '' }))).toContain('the-token');
});

test('providers without a common store each try a wrong password', async () => {
  await using sandbox = await startDatacomsysSandbox();
  const [{ codePort, idERP }] = sandbox.accounts;
  const options = { baseUrl: sandbox.url, codePort, idERP, password: 'mistyped' };
  const tryTwice = async (store?: TokenStore): Promise<void> => {
    for (let providers = 0; providers < 2; providers += 1) {
      await expect(createDatacomsysTokenProvider({ ...options, store }).getToken()).rejects.toThrow();
    }
  };
  await tryTwice();
  expect(sandbox.logins).toBe(2);
  await tryTwice(memoryStore());
  expect(sandbox.logins).toBe(3);
});

test('whoever can write to a store can make an account pause', async () => {
  await using sandbox = await startDatacomsysSandbox();
  const [{ codePort, idERP, password }] = sandbox.accounts;
  const entries = new Map<string, string>();
  const store: TokenStore = {
    get: async (key) => entries.get(key),
    set: async (key, value) => entries.set(key, value).has(key),
    delete: async (key) => entries.delete(key),
  };
  const create = (given: string): TokenProvider =>
    createDatacomsysTokenProvider({ baseUrl: sandbox.url, codePort, idERP, password: given, store });
  await expect(create('mistyped').getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  const [[key, text] = ['', '']] = entries;
  entries.set(key, text.replace('"count":1', '"count":5'));
  await expect(create(password).getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
  await create(password).forget();
  await expect(create(password).getToken()).resolves.toBeDefined();
});
