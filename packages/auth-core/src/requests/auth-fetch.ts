import { formatAuthorization, type AccessToken } from '../access-token.ts';
import { isInsideLogin } from '../login-scope.ts';
import type { GetTokenOptions, TokenProvider } from '../token-provider.ts';
import { type FetchCall, prepareFetch } from './fetch-call.ts';
import { drainRejection, isRejected } from './fetched-response.ts';
import { checkOnUnreplayable, configError, createOriginCheck, type OnUnreplayable } from './options.ts';
import { awaitsRenewal, isRepeatedWith, type RejectedRequest } from './rejected-request.ts';

/** Options of {@link createAuthFetch}. */
export interface AuthFetchOptions {
  /** The fetch to call; by default the global one, looked up at each call. */
  fetch?: typeof fetch | undefined;
  /** What relative URLs are resolved against, as by `new URL(url, baseUrl)`; on one of the provider's origins. Without it every URL must be absolute. */
  baseUrl?: string | undefined;
  /**
   * What becomes of a rejected request that cannot be sent again, because its body is a stream or it was redirected: `'response'` (the default) returns the
   * vendor's own rejection at once and renews the token in the background; `'error'` renews the token and then rejects with `REPLAY_IMPOSSIBLE`.
   */
  onUnreplayable?: OnUnreplayable | undefined;
}

/**
 * A `fetch` whose requests carry the provider's token: the same as `authInterceptor`, around any fetch.
 *
 * - Only requests to `provider.origins` get the header; a caller's own `Authorization` stays. A redirect to another origin loses the header, as
 *   fetch itself sees to (node-fetch only where the host name changes, too), and its answer is not judged.
 * - A rejected request is repeated once with a new token if its body is at hand: text, URLSearchParams, FormData, Blob, bytes, none. A stream is not,
 *   unless it comes in a `Request`.
 * - A request that was redirected, and whose method is not a safe one (RFC 9110, section 9.2.1), is not repeated either: what it asked for may be done.
 * - A rejection longer than 256 KiB, or slower than a quarter of a second, is not read to its end: the login may need its connection. If the login brings
 *   the same token, only the head of the rejection is returned.
 * - What the body holds counts when this is called, as with fetch: its caller may go on to change it.
 * - A `Request` is cloned before it is sent, since its body can be read only once: until the verdict, as much of the body as was sent stays in memory.
 * - The Response is the one that the fetch returned, untouched. Where the provider has to look into a JSON body, the beginning (up to 16 KiB) of a
 *   clone is read first, and only then is the Response handed out. What is no stream of the web kind is not looked into.
 * - Rejects with what the fetch rejects with; with the AuthError of a login that failed, or `CONFIG` for a relative URL that there is no `baseUrl` for;
 *   or with the signal's reason.
 *
 * @throws AuthError `CONFIG` if the provider names no origin, or an option is wrong.
 */
export function createAuthFetch(provider: TokenProvider, options: AuthFetchOptions = {}): typeof fetch {
  const mayReceive = createOriginCheck(provider);
  const onUnreplayable = checkOnUnreplayable(provider, options.onUnreplayable);
  const { fetch: givenFetch, baseUrl } = options;
  if (baseUrl !== undefined && !mayReceive(baseUrl)) {
    throw configError(provider, `baseUrl: expected an absolute URL on an origin of the provider (${provider.origins.join(', ')})`);
  }
  return async (resource, init) => {
    const send = givenFetch ?? globalThis.fetch;
    const input = isRequest(resource) ? resource : resolve(provider, resource, baseUrl);
    const url = typeof input === 'string' ? input : input.url;
    if (!mayReceive(url) || isInsideLogin(provider)) return send(input, init);
    const call = prepareFetch({ input, init });
    if (call.authorized) return call.send(send);
    try {
      return await sendAuthorized({ provider, call, send, origin: new URL(url).origin, onUnreplayable });
    } catch (error) {
      call.giveUp(error);
      throw error;
    } finally {
      call.close();
    }
  };
}

/** By its shape: the Request of every fetch is a class of its own. */
function isRequest(resource: unknown): resource is Request {
  return typeof resource === 'object' && resource !== null && 'url' in resource;
}

function resolve(provider: TokenProvider, resource: string | URL, baseUrl: string | undefined): string {
  const text = String(resource);
  if (!URL.canParse(text, baseUrl))
    throw configError(provider, 'a URL was to be fetched that is not absolute; give createAuthFetch a baseUrl');
  return baseUrl === undefined ? text : new URL(text, baseUrl).href;
}

interface AuthorizedFetch {
  readonly provider: TokenProvider;
  readonly call: FetchCall;
  readonly send: typeof fetch;
  readonly origin: string;
  readonly onUnreplayable: OnUnreplayable;
}

async function sendAuthorized(authorized: AuthorizedFetch): Promise<Response> {
  const { provider, call, send, origin } = authorized;
  throwIfAborted(call.signal);
  const token = provider.peekToken() ?? (await getToken(provider, { signal: call.signal }));
  const response = await call.send(send, formatAuthorization(token));
  const rejected = cameFrom(origin, response) && (await isRejected(provider, response, call));
  throwIfAborted(call.signal);
  return rejected ? sendAgain(authorized, token, response) : response;
}

async function sendAgain(authorized: AuthorizedFetch, rejected: AccessToken, rejection: Response): Promise<Response> {
  const { provider, call, send, onUnreplayable } = authorized;
  const { method, hasReplayableBody, signal } = call;
  const request: RejectedRequest = { provider, onUnreplayable, rejected, method, hasReplayableBody, wasRedirected: rejection.redirected };
  if (!awaitsRenewal(request)) return rejection;
  const drained = drainRejection(rejection, signal);
  try {
    const renewed = await getToken(provider, { signal, rejected });
    if (!isRepeatedWith(renewed, request)) {
      drained.stop();
      return rejection;
    }
    await drained.settled;
    drained.drop();
    throwIfAborted(signal);
    return await call.send(send, formatAuthorization(renewed));
  } catch (error) {
    drained.drop();
    throw error;
  }
}

/** Only the origin that was asked has seen the token: on the way to another one fetch drops it for good, and calls the response's type `cors`. */
function cameFrom(origin: string, response: Response | undefined): boolean {
  // What stands in for a fetch in a test may answer nothing, or have no URL.
  if (typeof response !== 'object') return false;
  const { url, redirected, type } = response;
  if (redirected && type === 'cors') return false;
  return !URL.canParse(url) || new URL(url).origin === origin;
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
