import { formatAuthorization, type AccessToken } from '../access-token.ts';
import { type GetTokenOptions, isInsideLogin, type TokenProvider } from '../token-provider.ts';
import { checkOnUnreplayable, configError, createOriginCheck, replayImpossible, type OnUnreplayable } from './allowed-origins.ts';
import { prepareFetch, type FetchCall } from './fetch-call.ts';
import { discard, isRefusal } from './judge-fetched.ts';

/** What {@link createAuthFetch} may be told. */
export interface AuthFetchOptions {
  /** The fetch to call; by default the global one, looked up at each call. */
  fetch?: typeof fetch | undefined;
  /** What relative URLs are resolved against, as by `new URL(url, baseUrl)`; on one of the provider's origins. Without it every URL must be absolute. */
  baseUrl?: string | undefined;
  /**
   * What becomes of a refused request whose body is a stream and so cannot be sent again: `'response'` (the default) hands out the vendor's own
   * refusal at once and renews the token behind it; `'error'` renews the token and then rejects with `REPLAY_IMPOSSIBLE`.
   */
  onUnreplayable?: OnUnreplayable | undefined;
}

/**
 * A `fetch` whose requests carry the provider's token: the same as `authInterceptor`, around any fetch.
 *
 * - Only requests to `provider.origins` get the header; a caller's own `Authorization` stays. A redirect to another origin loses the header, as
 *   fetch itself sees to, and its answer is not judged.
 * - A refused request is repeated once with a new token if its body is at hand: text, URLSearchParams, FormData, Blob, bytes, none. A stream is not,
 *   unless it comes in a `Request`.
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

async function sendAuthorized({ provider, call, send, origin, onUnreplayable }: AuthorizedFetch): Promise<Response> {
  const { signal, replayable } = call;
  throwIfAborted(signal);
  const token = provider.peekToken() ?? (await getToken(provider, { signal }));
  const response = await call.send(send, formatAuthorization(token));
  const refused = cameFrom(origin, response) && (await isRefusal(provider, response, call.method));
  throwIfAborted(signal);
  if (!refused) return response;
  if (!replayable && onUnreplayable === 'response') {
    // For the next requests; how it ends is theirs to see.
    provider.getToken({ rejected: token }).catch(() => undefined);
    return response;
  }
  const renewed = await renew(provider, { signal, rejected: token }, response);
  if (renewed.value === token.value) return response;
  await discard(response);
  if (!replayable) throw replayImpossible(provider);
  throwIfAborted(signal);
  return call.send(send, formatAuthorization(renewed));
}

/** Only the origin that was asked has seen the token: on the way to another one fetch drops it for good, and calls the response's type `cors`. */
function cameFrom(origin: string, { url, redirected, type }: Response): boolean {
  if (redirected && type === 'cors') return false;
  // What stands in for a fetch in a test may have no URL.
  return !URL.canParse(url) || new URL(url).origin === origin;
}

async function renew(provider: TokenProvider, options: GetTokenOptions, refusal: Response): Promise<AccessToken> {
  try {
    return await getToken(provider, options);
  } catch (error) {
    void discard(refusal);
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

/** As `signal.throwIfAborted()`, which signals that are no AbortSignal of Node's do not have. */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}
