import type { ReceivedHeaders } from './judge.ts';
import type { Controller, Handler, ResponseRelay, UpgradedSocket } from './relay.ts';

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
