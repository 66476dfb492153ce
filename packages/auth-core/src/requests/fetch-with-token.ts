import type { FetchCall, Hop } from './fetch-call.ts';
import { areRemovedAbroad, type TokenHeaders } from './request.ts';

/** As many redirects as fetch follows. */
const maxRedirects = 20;

/** A response, and the way to it. */
export interface Fetched {
  readonly response: Response;
  /** Whether a redirect was followed, by the fetch itself or here. */
  readonly wasRedirected: boolean;
  /** Whether it answers a request that carried the token. */
  readonly carriedToken: boolean;
}

/**
 * Makes the call with a token. A fetch removes the usual credential headers from a request that is redirected to another origin, and no other: for a token
 * in another header, redirects are followed here, in the same way (https://fetch.spec.whatwg.org/#http-redirect-fetch).
 */
export function fetchWithToken(call: FetchCall, send: typeof fetch, tokenHeaders: TokenHeaders): Promise<Fetched> {
  if (call.redirect === 'follow' && !areRemovedAbroad(tokenHeaders)) return followRedirects(call, send, tokenHeaders);
  return Promise.resolve(call.send(send, tokenHeaders)).then((response) => judgeWay(call.url, response));
}

async function followRedirects(call: FetchCall, send: typeof fetch, tokenHeaders: TokenHeaders): Promise<Fetched> {
  let hop: Hop = { url: call.url, method: call.method, keepsBody: call.hasBody, isAbroad: false };
  let response = await call.send(send, tokenHeaders, 'manual');
  for (let redirects = 0; ; redirects += 1) {
    const location = isRedirect(response) ? response.headers.get('location') : null;
    if (location === null) return { response, wasRedirected: redirects > 0, carriedToken: !hop.isAbroad };
    dropBody(response);
    hop = nextHop(call, hop, response.status, location, redirects);
    response = await call.sendHop(send, tokenHeaders, hop);
  }
}

function isRedirect({ status }: Response): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** @throws TypeError where fetch would fail, too. */
function nextHop(call: FetchCall, hop: Hop, status: number, location: string, redirects: number): Hop {
  if (redirects >= maxRedirects) throw failed('redirect count exceeded');
  const url = resolveLocation(location, hop.url);
  if (url === undefined) throw failed('the redirect leads to no http(s) URL, or to one with a user name or password');
  if (status !== 303 && hop.keepsBody && !call.hasReplayableBody)
    throw failed('the body is a stream, which cannot be sent again where the redirect leads: give text or bytes');
  const becomesGet = status === 303 ? hop.method !== 'GET' && hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  return {
    url: url.href,
    method: becomesGet ? 'GET' : hop.method,
    keepsBody: hop.keepsBody && !becomesGet,
    isAbroad: hop.isAbroad || url.origin !== new URL(hop.url).origin,
  };
}

/** A fragment is kept where the new URL has none. Raw UTF-8 in a header is read as Latin-1. A fetch goes to no URL that holds a password. */
function resolveLocation(location: string, base: string): URL | undefined {
  const text = /[^\x20-\x7e]/.test(location) ? Buffer.from(location, 'latin1').toString('utf8') : location;
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  if (url.hash === '') url.hash = new URL(base).hash;
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : undefined;
}

function failed(why: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(why) });
}

function dropBody({ body }: Response): void {
  body?.cancel().catch(() => undefined);
}

/** Only the origin that was asked has seen the token: on the way to another one fetch drops it for good, and calls the response's type `cors`. */
function judgeWay(asked: string, response: Response): Fetched {
  // What stands in for a fetch in a test may answer nothing, or have no URL.
  if (typeof response !== 'object') return { response, wasRedirected: false, carriedToken: false };
  const { url, redirected, type } = response;
  const wentAbroad =
    (redirected && type === 'cors') || (url !== asked && URL.canParse(url) && new URL(url).origin !== new URL(asked).origin);
  return { response, wasRedirected: redirected, carriedToken: !wentAbroad };
}
