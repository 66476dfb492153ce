import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import { startFaultyServer, type Reply } from '@x/auth-core/testing';
import { Agent, BalancedPool, type Dispatcher, Pool } from 'undici';

import type { Situation } from './situation.ts';
import { providerOf } from './stage.ts';

const vendor = 'https://api.acme.example';
const authFetch = (options: object = {}) => createAuthFetch(providerOf({}), options);
const options = { user: 'me', password: 'x' } as unknown as TokenProvider;

const putTogether: readonly Situation[] = [
  { about: 'createAuthFetch with options instead of a provider', stage: () => createAuthFetch(options) },
  { about: 'createAuthFetch with a provider without origins', stage: () => createAuthFetch({ ...bare(), origins: [] }) },
  { about: 'createAuthFetch with a baseUrl elsewhere', stage: () => authFetch({ baseUrl: 'https://other.example' }) },
  { about: 'createAuthFetch with odd options', stage: () => authFetch({ fetch: 'undici', baseUrl: 5, onUnreplayable: 'throw' }) },
  { about: 'a path that leads out of baseUrl', stage: () => createAuthFetch(providerOf({ baseUrl: `${vendor}/v1` }))('../admin') },
  { about: 'headers that are no pairs', stage: () => withHeaders([['x-a', '1', '2']]) },
  { about: 'authInterceptor over a BalancedPool', stage: () => new BalancedPool([vendor]).compose(authInterceptor(providerOf({}))) },
  {
    about: 'an interceptor that was not called',
    stage: () => new Agent().compose(authInterceptor as unknown as Dispatcher.DispatcherComposeInterceptor),
  },
  { about: "a dispatcher of the package given to Node's own fetch", stage: givenToOwnFetch },
];

function bare(): TokenProvider {
  const { name, baseUrl, origins } = providerOf({});
  const rest = { peekToken: () => undefined, isRejection: () => false, requestHeaders: () => ({}) };
  return { name, baseUrl, origins, ...rest, getToken: () => new Promise(() => undefined) } as unknown as TokenProvider;
}

async function withHeaders(headers: unknown): Promise<unknown> {
  await using vendorHere = await startFaultyServer(() => ({ status: 200 }));
  const client = new Agent().compose(authInterceptor(providerOf({ baseUrl: vendorHere.url })));
  return await client.request({ origin: vendorHere.url, path: '/', method: 'GET', headers: headers as string[] });
}

async function givenToOwnFetch(): Promise<unknown> {
  await using vendorHere = await startFaultyServer(() => ({ status: 200 }));
  await using stack = new AsyncDisposableStack();
  const agent = stack.adopt(new Agent(), (one) => one.close());
  const dispatcher = agent.compose(authInterceptor(providerOf({ baseUrl: vendorHere.url })));
  const failure: unknown = await fetch(vendorHere.url, { dispatcher } as unknown as RequestInit).catch((error: unknown) => error);
  return failure instanceof Error ? failure.cause : failure;
}

/** A vendor that rejects every first token, behind a provider that renews it. */
async function rejecting(call: (authFetch: typeof fetch, url: string) => Promise<unknown>, more: object = {}): Promise<unknown> {
  let logins = 0;
  await using server = await startFaultyServer(({ url, headers }): Reply => {
    if (url.pathname === '/elsewhere') return { status: 307, headers: { location: '/here' } };
    if (url.pathname === '/stream') return { status: 307, headers: { location: '/here' } };
    return { status: headers['authorization'] === 'token-1' || headers['x-token'] === 'token-1' ? 401 : 200 };
  });
  const login = async () => ({ value: `token-${(logins += 1)}` });
  const provider = providerOf({ baseUrl: server.url, login, ...more });
  return await call(createAuthFetch(provider, { onUnreplayable: 'error' }), server.url);
}

const xToken = { requestHeaders: ({ value }: { value: string }) => ({ 'x-token': value }) };
const stream = (): RequestInit => ({ method: 'POST', body: Readable.toWeb(Readable.from(['x'])) as ReadableStream, duplex: 'half' });
const redirecting = (location: string) => async () => {
  await using server = await startFaultyServer(({ url }) =>
    url.pathname === '/ok' ? { status: 200 } : { status: 302, headers: { location } },
  );
  return await createAuthFetch(providerOf({ baseUrl: server.url, ...xToken }))('/');
};

async function longRejection(): Promise<unknown> {
  await using server = await startFaultyServer(() => ({ status: 401, text: 'x'.repeat(2_000_000) }));
  await using stack = new AsyncDisposableStack();
  const pool = stack.adopt(new Pool(server.url, { connections: 1 }), (one) => one.destroy());
  // Longer than a rejection is read for.
  const login = () => pause(400, { value: 'token-of-nobody' });
  const provider = providerOf({ baseUrl: server.url, login });
  const client = pool.compose(authInterceptor(provider));
  const { body } = await client.request({ path: '/', method: 'GET' });
  return await body.text();
}

/** A signal of a library, which has no reason. */
const polyfill = { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined } as unknown as AbortSignal;

/** What a handler of undici is told, of a request that goes wrong on the way. */
function dispatched(provider: TokenProvider, started: (controller: Dispatcher.DispatchController) => void): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const client = new Agent().compose(authInterceptor(provider));
  const handler: Dispatcher.DispatchHandler = { onRequestStart: started, onResponseError: (_, error) => resolve(error) };
  client.dispatch({ origin: vendor, path: '/', method: 'GET' }, handler);
  return promise;
}

const underWay: readonly Situation[] = [
  { about: 'a rejected request whose body is a stream', stage: () => rejecting((call) => call('/', stream())) },
  { about: 'a rejected POST that was redirected', stage: () => rejecting((call) => call('/elsewhere', { method: 'POST' })) },
  { about: 'a stream that a redirect wants to have again', stage: () => rejecting((call) => call('/stream', stream()), xToken) },
  { about: 'a signal that fired, and is none of Node', stage: () => authFetch()('/', { signal: polyfill }) },
  {
    about: 'a handler that aborts',
    stage: () => dispatched(providerOf({}), (controller) => controller.abort(undefined as unknown as Error)),
  },
  {
    about: 'a provider of somebody else that throws no error',
    stage: () => dispatched({ ...bare(), getToken: () => Promise.reject('no') }, () => undefined),
  },
  { about: 'redirects without an end', stage: redirecting('/again') },
  { about: 'a redirect to something that is no web address', stage: redirecting('ftp://other.example/') },
  { about: 'a long rejection whose token cannot be replaced', stage: longRejection },
];

export const requests: readonly Situation[] = [...putTogether, ...underWay];
