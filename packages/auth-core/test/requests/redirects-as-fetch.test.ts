import type { IncomingHttpHeaders } from 'node:http';

import { describe, expect, test } from 'vitest';

import { createAuthFetch } from '../../src/index.ts';
import { tokenHeaderNames } from '../../src/provider-internals.ts';
import { startServer, status401, testProvider, type TestServer } from './helpers.ts';

/** The `Location` of a redirect, by the origins of the two servers; undefined = none. */
type Locate = (stranger: string, own: string) => string | undefined;

/** What a fetch is called with, anew for each call. */
type MakeCall = (url: string) => Parameters<typeof fetch>;

/** Where the server at `/start` redirects to. */
const targets: readonly (readonly [name: string, locate: Locate])[] = [
  ['a relative URL', () => 'deeper/end?a=1'],
  ['an absolute URL of the same origin', (_stranger, own) => `${own}/end`],
  ['another origin', (stranger) => `${stranger}/end`],
  ['another origin and back', (stranger) => `${stranger}/back`],
  ['a URL with a fragment', () => '/end#there'],
  ['raw UTF-8', () => Buffer.from('/größe').toString('latin1')],
  ['an empty location', () => ''],
  ['no location', () => undefined],
  ['another scheme', () => 'ftp://127.0.0.1/end'],
  ['no URL', () => 'http://'],
  ['a URL with a password', (_stranger, own) => own.replace('://', '://user:password@')],
  ['the last URL of twenty', () => '/hops/19'],
  ['the last URL of twenty-one', () => '/hops/20'],
  ['itself, again and again', () => '/start'],
];

const statuses = [301, 302, 303, 307, 308];

const stream = (): ReadableStream<Uint8Array> => new Blob(['text']).stream();
const post = { method: 'POST', headers: { 'content-type': 'text/plain', 'x-own': '1', authorization: 'own', cookie: 'a=1' } };

const calls: readonly (readonly [name: string, makeCall: MakeCall])[] = [
  ['GET', (url) => [url, { headers: { 'x-own': '1', authorization: 'own', cookie: 'a=1' } }]],
  ['HEAD', (url) => [url, { method: 'HEAD' }]],
  ['POST of text', (url) => [url, { ...post, body: 'text' }]],
  ['POST without a body', (url) => [url, { method: 'POST' }]],
  ['POST of a stream', (url) => [url, { ...post, body: stream(), duplex: 'half' }]],
  ['PUT', (url) => [url, { ...post, method: 'PUT', body: 'text' }]],
  ['Request with a body', (url) => [new Request(url, { ...post, body: 'text' })]],
  ['Request without a body', (url) => [new Request(url, { headers: { 'x-own': '1' } })]],
];

interface Place {
  readonly server: TestServer;
  /** Puts the next redirect in place. */
  redirect(status: number, location: string | undefined): void;
}

interface Places {
  readonly home: Place;
  readonly stranger: Place;
}

async function startPlaces(): Promise<Places> {
  const home = await startPlace();
  return { home, stranger: await startPlace(() => `${home.server.origin}/end`) };
}

async function startPlace(back?: () => string): Promise<Place> {
  let next: [status: number, location: string | undefined] = [200, undefined];
  const server = await startServer(({ url }, response) => {
    const hops = Number(/^\/hops\/(\d+)$/.exec(url)?.[1] ?? 0);
    const [status, location] = url === '/back' ? [307, back?.()] : url === '/start' ? next : [hops > 0 ? 307 : 200, hopsLeft(hops)];
    response.writeHead(status, location === undefined ? {} : { location }).end(`answer to ${url}`);
  });
  return { server, redirect: (status, location) => (next = [status, location]) };
}

function hopsLeft(hops: number): string | undefined {
  return hops > 0 ? `/hops/${hops - 1}` : undefined;
}

const token = 'token-that-stays-home';

/** How a call ended, and what the servers saw of it, without what names the token. */
async function outcomeOf(send: () => Promise<Response>, { home, stranger }: Places): Promise<object> {
  const servers = [home.server, stranger.server];
  for (const { received } of servers) received.length = 0;
  const answer = await send().then(describeResponse, describeError);
  return {
    answer,
    received: servers.map(({ received }) =>
      received.map(({ method, url, headers, body }) => ({ method, url, body, ...withoutToken(headers) })),
    ),
  };
}

async function describeResponse(response: Response): Promise<object> {
  return { status: response.status, url: response.url, location: response.headers.get('location'), text: await response.text() };
}

function describeError(error: unknown): object {
  return error instanceof Error ? { name: error.name, message: error.message } : { error };
}

function withoutToken({ 'x-token': _token, ...headers }: IncomingHttpHeaders): { headers: IncomingHttpHeaders } {
  return { headers };
}

interface Case {
  readonly makeCall: MakeCall;
  readonly status: number;
  readonly locate: Locate;
  readonly redirect?: RequestInit['redirect'];
}

/** Makes the same call with fetch and with a token in a header of its own, and returns all that can be seen of both. */
async function outcomesOf({ makeCall, status, locate, redirect }: Case, places: Places): Promise<{ ofFetch: object; ofAuthFetch: object }> {
  const { origin } = places.home.server;
  const own = { requestHeaders: () => ({ 'x-token': token }), [tokenHeaderNames]: () => ['x-token'] };
  const authFetch = createAuthFetch({ ...testProvider([origin], status401), ...own });
  places.home.redirect(status, locate(places.stranger.server.origin, origin));
  const call = (): Parameters<typeof fetch> => {
    const [input, init] = makeCall(`${origin}/start#here`);
    return redirect === undefined ? [input, init] : [input, { ...init, redirect }];
  };
  return { ofFetch: await outcomeOf(() => fetch(...call()), places), ofAuthFetch: await outcomeOf(() => authFetch(...call()), places) };
}

describe.each(calls)('a %s', (_call, makeCall) => {
  test.each(targets)('that is redirected to %s ends as in fetch, and sends the same on the way', async (_target, locate) => {
    const places = await startPlaces();
    for (const status of statuses) {
      const { ofFetch, ofAuthFetch } = await outcomesOf({ makeCall, status, locate }, places);
      expect(ofAuthFetch, `status ${status}`).toEqual(ofFetch);
      expect(places.home.server.received[0]?.headers['x-token']).toBe(token);
      expect(places.stranger.server.received.some(({ headers }) => 'x-token' in headers)).toBe(false);
    }
  });

  test.each(['error', 'manual'] as const)('with redirect: "%s" ends as in fetch', async (redirect) => {
    const places = await startPlaces();
    for (const status of statuses) {
      const locate: Locate = (stranger) => `${stranger}/end`;
      const { ofFetch, ofAuthFetch } = await outcomesOf({ makeCall, status, locate, redirect }, places);
      expect(ofAuthFetch, `status ${status}`).toEqual(ofFetch);
    }
  });
});
