import * as v from 'valibot';

import type { AccessToken } from '../access-token.ts';
import { joinBelow } from '../base-url.ts';
import { isInsideLogin, knownHeaderNames, probeVendorClock } from '../provider-internals.ts';
import type { GetTokenOptions, TokenProvider } from '../token-provider.ts';
import { parseOptions } from '../validation.ts';
import { type FetchCall, prepareFetch } from './fetch-call.ts';
import { drainRejection, isRejected, probeOf } from './fetched-response.ts';
import { type Judging, KnownBeginnings } from './judge.ts';
import { configError, createOriginCheck, type OnUnreplayable, onUnreplayableSchema } from './options.ts';
import { type Fetched, fetchWithToken } from './fetch-with-token.ts';
import { decide, type RejectedRequest, renewInBackground, waitsForToken } from './rejected-request.ts';

/** Options of {@link createAuthFetch}. */
export interface AuthFetchOptions {
  /** The fetch to call; by default the global one, looked up at each call. */
  fetch?: typeof fetch | undefined;
  /** What relative URLs go below, with or without a leading slash; on one of the provider's origins. Default: `provider.baseUrl`. */
  baseUrl?: string | undefined;
  /**
   * What becomes of a rejected request that cannot be sent again, because its body is a stream or it was redirected: `'response'` (the default) returns the
   * vendor's own rejection at once and renews the token in the background; `'error'` renews the token and then rejects with `REPLAY_IMPOSSIBLE`.
   */
  onUnreplayable?: OnUnreplayable | undefined;
}

const optionsSchema = v.object({
  fetch: v.optional(v.custom<typeof fetch>((value) => typeof value === 'function', 'expected a function')),
  baseUrl: v.optional(v.string()),
  onUnreplayable: onUnreplayableSchema,
});

/**
 * A `fetch` whose requests carry the provider's token: the same as `authInterceptor`, around any fetch.
 *
 * - A relative URL goes below `baseUrl`: `authFetch('/account')`, `authFetch('account')`. One that would lead out of it (`..`, `..%2f`, `//host`, a backslash) is
 *   `CONFIG`, and so is any scheme but http and https.
 * - Only requests to `provider.origins` get the token's headers. A caller who sets one of them keeps it, and the call is left alone; a cookie is added to
 *   the caller's. A redirect to another origin loses the token, also on the way back, and the answer from there is not judged. fetch itself sees to
 *   `Authorization` and `Cookie` (node-fetch only where the host name changes, too). For tokens in other headers redirects are followed here, in the same
 *   way; `redirected` of such a response stays false.
 * - A rejected request is repeated once with a new token if its body can be sent again: text, URLSearchParams, FormData, Blob, bytes, none. A stream is not,
 *   unless it comes in a `Request`.
 * - A request that was redirected, and whose method is not a safe one (RFC 9110, section 9.2.1), is not repeated either: what it asked for may be done.
 * - A rejection longer than 256 KiB, or slower than a quarter of a second, is not read to its end: the login may need its connection. If the login brings
 *   the same token, only the head of the rejection is returned.
 * - What the body holds counts when this is called, as with fetch: its caller may go on to change it.
 * - A `Request` is cloned before it is sent, since its body can be read only once: until the verdict, as much of the body as was sent stays in memory.
 * - The Response is the one that the fetch returned, untouched. Where the provider has to look into a JSON body, the beginning (up to 16 KiB) of a
 *   clone is read first, and only then is the Response returned. What is no stream of the web kind is not looked into.
 * - Rejects with what the fetch rejects with; with the AuthError of a login that failed; or with the signal's reason.
 *
 * @throws AuthError `CONFIG` if the provider names no origin, or an option is wrong.
 */
export function createAuthFetch(provider: TokenProvider, options: AuthFetchOptions = {}): typeof fetch {
  const mayReceive = createOriginCheck(provider);
  const {
    fetch: givenFetch,
    baseUrl = provider.baseUrl,
    onUnreplayable = 'response',
  } = parseOptions(optionsSchema, options, provider.name);
  if (!mayReceive(baseUrl)) {
    throw configError(provider, `baseUrl: expected an absolute URL on an origin of the provider (${provider.origins.join(', ')})`);
  }
  const known = new KnownBeginnings();
  const authFetch: typeof fetch = (resource, init) => {
    const send = givenFetch ?? globalThis.fetch;
    const input = isRequest(resource) ? resource : resolve(provider, String(resource), baseUrl);
    const url = typeof input === 'string' ? input : input.url;
    if (!mayReceive(url) || isInsideLogin(provider)) return Promise.resolve(send(input, init));
    const names = knownHeaderNames(provider);
    const call = prepareFetch({ input, init }, names);
    if (names !== undefined && call.setsAny(names)) return Promise.resolve(call.send(send));
    return sendAuthorized({ provider, known, call, send, onUnreplayable });
  };
  // Not async: a promise around a promise costs every request more than all that is done here.
  return (resource, init) => {
    try {
      return authFetch(resource, init);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** By its shape: the Request of every fetch is a class of its own. */
function isRequest(resource: unknown): resource is Request {
  return typeof resource === 'object' && resource !== null && 'url' in resource;
}

/** What begins with `http://` or `https://` is taken as it is; everything else goes below the base URL. */
function resolve(provider: TokenProvider, text: string, baseUrl: string): string {
  if (/^https?:\/\//i.test(text)) return text;
  const url = joinBelow(baseUrl, text);
  if (url !== undefined) return url;
  throw configError(provider, 'fetch: expected an http(s) URL, or a path that stays below baseUrl');
}

interface AuthorizedFetch extends Judging {
  readonly call: FetchCall;
  readonly send: typeof fetch;
  readonly onUnreplayable: OnUnreplayable;
}

async function sendAuthorized(authorized: AuthorizedFetch): Promise<Response> {
  const { provider, call, send } = authorized;
  try {
    throwIfAborted(call.signal);
    const token = provider.peekToken() ?? (await getToken(provider, { signal: call.signal }));
    const tokenHeaders = provider.requestHeaders(token);
    // Until there is a token, its headers may not be known.
    if (call.setsAny(Object.keys(tokenHeaders))) return await call.send(send);
    const clockProbe = probeVendorClock(provider);
    const fetched = await fetchWithToken(call, send, tokenHeaders);
    if (fetched.carriedToken && clockProbe !== undefined) clockProbe(probeOf(fetched.response));
    const verdict = fetched.carriedToken && isRejected(authorized, fetched.response, call);
    const rejected = typeof verdict === 'boolean' ? verdict : await verdict;
    throwIfAborted(call.signal);
    return rejected ? await sendAgain(authorized, token, fetched) : fetched.response;
  } catch (error) {
    call.giveUp(error);
    throw error;
  } finally {
    call.close();
  }
}

async function sendAgain(authorized: AuthorizedFetch, rejected: AccessToken, rejection: Fetched): Promise<Response> {
  const { provider, call, send, onUnreplayable } = authorized;
  const { method, hasReplayableBody, signal } = call;
  const { response, wasRedirected } = rejection;
  const request: RejectedRequest = { provider, onUnreplayable, rejected, method, hasReplayableBody, wasRedirected };
  if (!waitsForToken(request)) {
    renewInBackground(request);
    return response;
  }
  const drained = drainRejection(response, signal);
  try {
    const renewed = await getToken(provider, { signal, rejected });
    if (decide(renewed, request) === 'return the rejection') {
      drained.stop();
      return response;
    }
    await drained.settled;
    drained.drop();
    throwIfAborted(signal);
    return (await fetchWithToken(call, send, provider.requestHeaders(renewed))).response;
  } catch (error) {
    drained.drop();
    throw error;
  }
}

/** Like `getToken`, but an abort rejects with the signal's own reason, as it does in fetch. */
async function getToken(provider: TokenProvider, options: GetTokenOptions): Promise<AccessToken> {
  try {
    return await provider.getToken(options);
  } catch (error) {
    throwIfAborted(options.signal);
    throw error;
  }
}

/** As `signal.throwIfAborted()`, which signals that are no AbortSignal of Node's do not have, as they may have no reason. */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason ?? new DOMException('This operation was aborted', 'AbortError');
}
