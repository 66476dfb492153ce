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
 * Whether the request has to wait for a new token: to be sent again with it, or to be told that it cannot be. Otherwise its rejection is returned at once,
 * and the token is renewed with {@link renewInBackground}.
 */
export function waitsForToken(request: RejectedRequest): boolean {
  return request.onUnreplayable === 'error' || mayRepeat(request);
}

/** Renews the token for the next requests. How that ends is for them to see. */
export function renewInBackground({ provider, rejected }: RejectedRequest): void {
  provider.getToken({ rejected }).catch(() => undefined);
}

/**
 * What becomes of the request with this token, which the provider gave in place of the rejected one: it is repeated; or, where the provider gave the same
 * token, its rejection is returned.
 *
 * @throws AuthError `REPLAY_IMPOSSIBLE`
 */
export function decide(token: AccessToken, request: RejectedRequest): 'repeat' | 'return the rejection' {
  if (token.value === request.rejected?.value) return 'return the rejection';
  if (!mayRepeat(request)) throw replayImpossible(request);
  return 'repeat';
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
    ? 'it was redirected and may have been carried out: check that, then send it again'
    : 'its body is a stream that is used up: send it again with a new one';
  const message = `${name}: the token is renewed, but the request was not repeated: ${why}`;
  return new AuthError({ code: 'REPLAY_IMPOSSIBLE', provider: name, message });
}

/** Passes an exchange on as it is: the response to a repeated request is not judged again, whatever it says. */
export class PassThroughHandler implements Handler {
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
