import type { AccessToken } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import type { TokenProvider } from '../token-provider.ts';
import type { OnUnreplayable } from './options.ts';

/** A request whose token the vendor rejected. */
export interface RejectedRequest {
  readonly provider: TokenProvider;
  readonly onUnreplayable: OnUnreplayable;
  readonly rejected: AccessToken | undefined;
  readonly method: string;
  /** Whether its body can be sent again. */
  readonly hasReplayableBody: boolean;
  /** Whether somebody followed a redirect for it, and so may have carried it out already. */
  readonly wasRedirected: boolean;
}

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * Whether the request has to wait for a new token. Otherwise it cannot be sent again, and its rejection is handed out at once: the token is renewed in
 * the background for the next requests.
 */
export function awaitsRenewal(request: RejectedRequest): boolean {
  if (request.onUnreplayable === 'error' || mayRepeat(request)) return true;
  // How it ends is for the next requests to see.
  request.provider.getToken({ rejected: request.rejected }).catch(() => undefined);
  return false;
}

/**
 * Whether the request is sent again with this token, which the provider gave in place of the rejected one. False where it gave the same: then the
 * rejection is handed out.
 *
 * @throws AuthError `REPLAY_IMPOSSIBLE`
 */
export function isRepeatedWith(token: AccessToken, request: RejectedRequest): boolean {
  if (token.value === request.rejected?.value) return false;
  if (!mayRepeat(request)) throw replayImpossible(request);
  return true;
}

function mayRepeat(request: RejectedRequest): boolean {
  return request.hasReplayableBody && !mayBeDone(request);
}

/** Whoever followed the redirect of a method that changes something may have carried it out. */
function mayBeDone({ wasRedirected, method }: RejectedRequest): boolean {
  return wasRedirected && !safeMethods.includes(method.toUpperCase());
}

function replayImpossible(request: RejectedRequest): AuthError {
  const { name } = request.provider;
  const why = mayBeDone(request)
    ? 'this request was redirected, and what it asked for may have been done before: check that, then send it again'
    : 'the body of this request (a stream or an iterator) cannot be sent twice: send the request again';
  const message = `${name}: the vendor rejected the token, and it was renewed, but ${why}`;
  return new AuthError({ code: 'REPLAY_IMPOSSIBLE', provider: name, message });
}

/** How much more of a rejection is read so that its connection is free for the login, in bytes, and how long that may take, in milliseconds. */
export const DRAIN_LIMIT: number = 256 * 1024;
const DRAIN_TIME = 250;

/** Calls back once a rejection has taken too long to be worth its connection. Returns the timer. */
export function limitDraining(giveUp: () => void): NodeJS.Timeout {
  // What came while the event loop stood still is read before it is given up.
  return setTimeout(() => setImmediate(giveUp), DRAIN_TIME);
}
