import type { Controller, Handler, ReceivedHeaders, UpgradedSocket } from './dispatch-types.ts';
import type { KeptResponse, ResponseHead } from './kept-response.ts';

type RawHeaders = NonNullable<Controller['rawHeaders']> | null;

/**
 * Hands one response to a handler, wherever it comes from: one start, data only while the handler takes it, one end or one error. To
 * the handler it is the controller, the same one through a login and a repeat.
 *
 * A class because one is made for every request, as the base of the handler that undici calls.
 */
export class ResponseRelay implements Controller {
  readonly handler: Handler;
  #source: Controller | undefined;
  #sourceEnded = false;
  #started = false;
  #context: unknown;
  #paused = false;
  #aborted = false;
  #reason: Error | null = null;
  #finished = false;
  #backlog: Uint8Array[] | undefined;
  #delivered = 0;
  #delivering = false;
  #trailers: ReceivedHeaders | undefined;

  constructor(handler: Handler) {
    this.handler = handler;
  }

  get paused(): boolean {
    return this.#paused || (this.#source?.paused ?? false);
  }

  get aborted(): boolean {
    return this.#aborted || (this.#source?.aborted ?? false);
  }

  get reason(): Error | null {
    return this.#reason ?? this.#source?.reason ?? null;
  }

  get rawHeaders(): RawHeaders {
    return this.#source?.rawHeaders ?? null;
  }

  get rawTrailers(): RawHeaders {
    return this.#source?.rawTrailers ?? null;
  }

  /** Whether the handler has had its end or its error. */
  get finished(): boolean {
    return this.#finished;
  }

  pause(): void {
    this.#paused = true;
    if (!this.#sourceEnded) this.#source?.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#backlog !== undefined) this.#deliver();
    else if (!this.#sourceEnded) this.#source?.resume();
  }

  abort(reason?: Error): void {
    if (this.#finished || this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason ?? new DOMException('The request was aborted', 'AbortError');
    this.stopWaiting();
    // An exchange that runs reports the abort by itself, and at once.
    this.#source?.abort(this.#reason);
    this.fail(this.#reason);
  }

  /** Called when the request is over before its response: whoever waits on its behalf stops. */
  protected stopWaiting(): void {}

  /** Takes over from an exchange that has begun. The handler hears of the first one only. */
  connect(source: Controller, context: unknown): void {
    if (this.#finished) {
      source.abort(this.#reason ?? new DOMException('The request is over', 'AbortError'));
      return;
    }
    this.#source = source;
    this.#sourceEnded = false;
    if (this.#paused) source.pause();
    this.start(context);
  }

  /** Lets the handler begin, also before there is an exchange, so that it can abort. */
  start(context: unknown): void {
    if (!this.#started) {
      this.#started = true;
      this.#context = context;
      this.handler.onRequestStart?.(this, context);
    } else if (isObject(this.#context) && isObject(context)) Object.assign(this.#context, context);
  }

  respond(status: number, headers: ReceivedHeaders, message: string | undefined): void {
    this.handler.onResponseStart?.(this, status, headers, message);
  }

  /** Hands on a head and the first of its body; in between the handler may pause or abort. */
  respondWith(head: ResponseHead, chunk: Uint8Array): void {
    this.respond(head.status, head.headers, head.message);
    if (this.#paused) {
      this.#backlog = [chunk];
      this.#delivered = 0;
    } else if (!this.#finished) this.data(chunk);
  }

  data(chunk: Uint8Array): void {
    // Behind a backlog it has to queue: the order counts, and so does the handler's wish to pause.
    if (this.#backlog === undefined) this.handler.onResponseData?.(this, asBuffer(chunk));
    else this.#backlog.push(chunk);
  }

  end(trailers: ReceivedHeaders): void {
    this.#sourceEnded = true;
    if (this.#backlog !== undefined) this.#trailers = trailers;
    else this.#finish(trailers);
  }

  upgrade(status: number, headers: ReceivedHeaders, socket: UpgradedSocket): void {
    this.#finished = true;
    this.handler.onRequestUpgrade?.(this, status, headers, socket);
  }

  fail(error: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    this.stopWaiting();
    this.handler.onResponseError?.(this, error);
  }

  /** Hands on what was kept back, as far as the handler takes it, and lets the rest flow. */
  release(kept: KeptResponse): void {
    this.#backlog = kept.chunks;
    this.#delivered = 0;
    if (kept.trailers !== undefined) this.end(kept.trailers);
    try {
      this.respond(kept.head.status, kept.head.headers, kept.head.message);
    } catch (error) {
      this.abort(asError(error));
    }
    this.#deliver();
  }

  /** Stops the flow of a response that nobody takes yet. */
  protected hold(): void {
    this.#source?.pause();
  }

  /** Breaks off the exchange that runs. */
  protected disconnect(reason: Error): void {
    const source = this.#source;
    this.#source = undefined;
    if (!this.#sourceEnded) source?.abort(reason);
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      this.#deliverBacklog();
    } catch (error) {
      this.abort(asError(error));
    }
    this.#delivering = false;
    if (!this.#paused && !this.#sourceEnded) this.#source?.resume();
  }

  #deliverBacklog(): void {
    while (this.#backlog !== undefined && !this.#paused && !this.#finished) {
      const chunk = this.#backlog[this.#delivered++];
      if (chunk !== undefined) this.handler.onResponseData?.(this, asBuffer(chunk));
      else {
        this.#backlog = undefined;
        if (this.#trailers !== undefined) this.#finish(this.#trailers);
      }
    }
  }

  #finish(trailers: ReceivedHeaders): void {
    if (this.#finished) return;
    this.#finished = true;
    try {
      this.handler.onResponseEnd?.(this, trailers);
    } catch (error) {
      // What a handler throws here becomes its error, as in undici itself.
      this.#finished = false;
      throw error;
    }
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What was thrown or rejected with; undici's handlers are made for errors. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('Something other than an error was thrown', { cause: thrown });
}
