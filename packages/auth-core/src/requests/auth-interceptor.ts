import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import { isInsideLogin, knownHeaderNames, loginRequest } from '../provider-internals.ts';
import type { TokenProvider } from '../token-provider.ts';
import { parseOptions } from '../validation.ts';
import { AuthHandler, type InterceptorContext } from './auth-handler.ts';
import { KnownBeginnings } from './judge.ts';
import { configError, createOriginCheck, onUnreplayableSchema, type OnUnreplayable, type OriginCheck } from './options.ts';
import { plainHeaders, type RequestOptions, setsAny } from './request.ts';

/** Options of {@link authInterceptor}. */
export interface AuthInterceptorOptions {
  /**
   * What becomes of a rejected request that cannot be sent again, because its body is a stream or an iterator, or because it was redirected further in:
   * `'response'` (the default) returns the vendor's own rejection at once and renews the token in the background; `'error'` renews the token and then
   * rejects with `REPLAY_IMPOSSIBLE`.
   */
  onUnreplayable?: OnUnreplayable | undefined;
}

const optionsSchema = v.object({ onUnreplayable: onUnreplayableSchema });

/**
 * An undici interceptor (7 and 8) that makes requests carry the provider's token: `new Agent().compose(authInterceptor(provider))`.
 *
 * - Only requests to `provider.origins` get the token's headers, and only their answers are judged. A caller who sets one of these headers keeps it, and the
 *   request is left alone; a cookie is added to the caller's. A `Client` or `Pool`
 *   of undici 7 does not tell where it leads: compose an `Agent` there, or give `origin` with each request.
 * - Compose it after (around) an interceptor that changes the origin, such as undici's `dns`, and after `cache` and `deduplicate`: around it, these
 *   would not see whose answer they share.
 * - Where the provider recognises a rejection, the token is renewed, once for everybody, and the request sent once more, as it was first given (not one
 *   that was redirected further in, unless its method is a safe one). A second rejection is passed on.
 * - A rejection longer than 256 KiB, or slower than a quarter of a second, is not read to its end: the login may need its connection. If the login brings
 *   the same token, the rejection is returned cut short.
 * - A response is held back only where the provider asks for its body, only if that is JSON, and no longer than it takes to decide.
 * - A redirect to another origin loses the token, also on the way back. undici 7 cannot do that for headers other than `authorization` and `cookie`: where the token has
 *   such a header, the redirect is not followed there, and the 3xx is returned.
 * - A login that fails rejects the request with its AuthError; the request is not sent. An abort rejects with the signal's reason.
 * - `fetch` hands even a text body down as a one-shot iterator: use `createAuthFetch` to have such requests repeated. It also follows redirects around its
 *   dispatcher: each hop is a request of its own there, and the vendor gets the token on the way back from another origin, too.
 *
 * @throws AuthError `CONFIG` if the provider names no origin, or an option is wrong; when it is composed, if that is over a `BalancedPool` of undici 8.
 */
export function authInterceptor(provider: TokenProvider, options: AuthInterceptorOptions = {}): Dispatcher.DispatcherComposeInterceptor {
  const mayReceive = createOriginCheck(provider);
  const { onUnreplayable = 'response' } = parseOptions(optionsSchema, options, provider.name);
  const known = new KnownBeginnings();
  // The second argument is undici 8's: the one origin that the dispatcher leads to whatever a request names, or null where there are several.
  return (dispatch: Dispatcher.Dispatch, ...undici8: [fixedOrigin?: string | null]): Dispatcher.Dispatch => {
    const [fixedOrigin] = undici8;
    if (fixedOrigin === null)
      throw configError(provider, 'dispatcher: a BalancedPool does not tell where its requests go: compose an Agent or a Pool');
    if (fixedOrigin !== undefined && !mayReceive(fixedOrigin)) return (request, handler) => dispatch(request, handler);
    const context: InterceptorContext = { provider, onUnreplayable, known, dispatch, isUndici8: undici8.length > 0 };
    return (request, handler) => {
      if (loginRequest in request || !isForVendor(request, mayReceive) || isInsideLogin(provider)) return dispatch(request, handler);
      if (cameFromAbroad(handler, mayReceive)) return dispatch(request, handler);
      const headers = plainHeaders(request.headers);
      if (headers === undefined) return dispatch(request, handler);
      // What was read from a one-shot iterable goes on as the array that it became.
      const names = knownHeaderNames(provider);
      if (names !== undefined && setsAny(headers, names)) return dispatch({ ...request, headers }, handler);
      if (typeof handler.onRequestStart !== 'function') return rejectLegacy(provider, handler);
      const auth = new AuthHandler(context, request, headers, handler);
      const token = provider.peekToken();
      if (token !== undefined) return auth.send(token, names !== undefined);
      auth.sendAfterLogin(names !== undefined);
      return true;
    };
  };
}

/** A path may be a whole URL, as for a proxy: then that is where the request goes. Anything else, such as `@host/`, may lead anywhere behind an origin. */
function isForVendor(request: RequestOptions, mayReceive: OriginCheck): boolean {
  const { path }: { path?: unknown } = request;
  // What is no text is undici's to complain about.
  if (typeof path !== 'string') return false;
  return mayReceive(request.origin) && (path[0] === '/' || (/^https?:\/\//i.test(path) && mayReceive(path)));
}

/** More handlers than anybody composes around each other. */
const maxDepth = 10;

/**
 * Whether the request is one hop of a redirect that has been to another origin. A redirect that is composed around us makes each hop a request of its own;
 * undici's handler for it lists the URLs that it was at. Other handlers, such as that of `retry`, may stand in between.
 */
function cameFromAbroad(handler: object, mayReceive: OriginCheck): boolean {
  let at: { readonly handler?: unknown; readonly history?: unknown } = handler;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    if (Array.isArray(at.history)) return at.history.some((url) => url instanceof URL && !mayReceive(url));
    if (typeof at.handler !== 'object' || at.handler === null) return false;
    at = at.handler;
  }
  return false;
}

/** A fetch that is bundled with Node passes handlers of another kind, which undici 8 cannot serve either. */
function rejectLegacy(provider: TokenProvider, handler: object): false {
  const error = configError(
    provider,
    'dispatcher: it was given to another undici, such as that of the global fetch: use createAuthFetch, or undici 7.30 or 8.12',
  );
  if (!('onError' in handler) || typeof handler.onError !== 'function') throw error;
  handler.onError(error);
  return false;
}
