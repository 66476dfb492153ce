import type { AccessToken } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import type { TokenProvider } from '../token-provider.ts';
import type { ReceivedHeaders } from './judge.ts';
import type { OnUnreplayable } from './options.ts';
import type { Controller, Handler, ResponseRelay, UpgradedSocket } from './relay.ts';

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

/** Receives the response to a repeated request and passes it on as it is: it is not judged again, whatever it says. */
export class RepeatHandler implements Handler {
  readonly #relay: ResponseRelay;

  constructor(relay: ResponseRelay) {
    this.#relay = relay;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#relay.connect(controller, context);
  }

  onResponseStarted(): void {
    this.#relay.handler.onResponseStarted?.();
  }

  onBodySent(chunk: Buffer): void {
    this.#relay.handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#relay.handler.onRequestSent?.();
  }

  onRequestUpgrade(_controller: Controller, status: number, headers: ReceivedHeaders, socket: UpgradedSocket): void {
    this.#relay.upgrade(status, headers, socket);
  }

  onResponseStart(_controller: Controller, status: number, headers: ReceivedHeaders, message?: string): void {
    this.#relay.respond(status, headers, message);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#relay.data(chunk);
  }

  onResponseEnd(_controller: Controller, trailers: ReceivedHeaders): void {
    this.#relay.end(trailers);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#relay.failSource(error);
  }
}
