import { isNativeError } from 'node:util/types';

import type { Dispatcher } from 'undici';

import { HeldResponse } from './held-response.ts';
import type { HeadProbe, ReceivedHeaders } from './judge.ts';

/** What undici gives a handler to control the exchange with. */
export type Controller = Dispatcher.DispatchController;
/** What undici calls while an exchange runs. */
export type Handler = Dispatcher.DispatchHandler;
/** The connection behind an upgraded request. */
export type UpgradedSocket = Parameters<NonNullable<Handler['onRequestUpgrade']>>[3];

type RawHeaders = NonNullable<Controller['rawHeaders']> | null;

/** The handler once the response is over. */
const noHandler: Handler = {};

/**
 * Hands one response to a handler, wherever it comes from: one start, data only while the handler takes it, one end or one error. To the handler it is
 * the controller, the same one through a login and a repeat.
 *
 * A class because one is made for every request, as the base of the handler that undici calls.
 */
export class ResponseRelay implements Controller {
  handler: Handler;
  #source: Controller | undefined;
  /** The exchange that was broken off last: what came of it may be returned after all. */
  #left: Controller | undefined;
  #sourceEnded = false;
  #started = false;
  #responded = false;
  #context: unknown;
  #paused = false;
  #reason: Error | null = null;
  #finished = false;
  /** What the handler has not taken yet. */
  #backlog: HeldResponse | undefined;

  constructor(handler: Handler) {
    this.handler = handler;
  }

  get paused(): boolean {
    return this.#paused || (this.#source?.paused ?? false);
  }

  get aborted(): boolean {
    return this.#reason !== null || (this.#source?.aborted ?? false);
  }

  get reason(): Error | null {
    return this.#reason ?? this.#source?.reason ?? null;
  }

  get rawHeaders(): RawHeaders {
    return (this.#source ?? this.#left)?.rawHeaders ?? null;
  }

  get rawTrailers(): RawHeaders {
    return (this.#source ?? this.#left)?.rawTrailers ?? null;
  }

  /** Whether the handler, or whoever acts for it, has broken this off; `aborted` is also true where only the exchange was. */
  protected get brokenOff(): boolean {
    return this.#reason !== null;
  }

  /** Whether the handler has had its end or its error. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Takes effect with the response: a body that is paused before could not be judged, and its head would never come. */
  pause(): void {
    this.#paused = true;
    if (this.#responded) this.#pauseSource();
  }

  resume(): void {
    this.#paused = false;
    if (this.#backlog !== undefined) this.#deliver(this.#backlog);
    else if (!this.#sourceEnded) this.#source?.resume();
  }

  abort(reason?: Error): void {
    this.breakOff(reason ?? requestAborted());
  }

  /** What `abort` does; a handler may have put a method of its own in the place of that one, as undici's `dump` does. */
  protected breakOff(reason: Error): void {
    if (this.#finished || this.#reason !== null) return;
    this.#reason = reason;
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
      source.abort(this.#reason ?? requestAborted());
      return;
    }
    this.#source = source;
    this.#sourceEnded = false;
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
    if (status >= 200) {
      this.#responded = true;
      if (this.#paused) this.#pauseSource();
    }
    this.handler.onResponseStart?.(this, status, headers, message);
  }

  /** Hands on a head and the first of its body; in between the handler may pause or abort. */
  respondWith(head: HeadProbe, chunk: Buffer): void {
    this.respond(head.status, head.headers, head.message);
    if (this.#paused) {
      this.#backlog = new HeldResponse(head);
      this.#backlog.add(chunk);
    } else if (!this.#finished) this.data(chunk);
  }

  data(chunk: Buffer): void {
    // It has to queue behind what is held: the order counts, and so does the handler's wish to pause.
    if (this.#backlog === undefined) this.handler.onResponseData?.(this, chunk);
    else this.#backlog.add(chunk);
  }

  end(trailers: ReceivedHeaders): void {
    this.#sourceEnded = true;
    if (this.#backlog !== undefined) this.#backlog.end(trailers);
    else this.#finish(trailers);
  }

  /** The exchange broke off: first the handler gets what came. */
  failSource(error: Error): void {
    this.#sourceEnded = true;
    if (this.#backlog !== undefined && !this.brokenOff) this.#backlog.fail(error);
    else this.fail(error);
  }

  upgrade(status: number, headers: ReceivedHeaders, socket: UpgradedSocket): void {
    this.#finished = true;
    this.#detachHandler().onRequestUpgrade?.(this, status, headers, socket);
  }

  fail(error: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    this.stopWaiting();
    this.#detachHandler().onResponseError?.(this, error);
  }

  /** Hands on what was held back, as far as the handler takes it, and lets the rest flow. */
  release(held: HeldResponse): void {
    this.#backlog = held;
    if (held.trailers !== undefined || held.error !== undefined) this.#sourceEnded = true;
    held.isDelivering = true;
    try {
      this.respond(held.head.status, held.head.headers, held.head.message);
    } catch (error) {
      this.breakOff(asError(error));
    }
    held.isDelivering = false;
    this.#deliver(held);
  }

  /** Breaks off the exchange that runs. */
  protected disconnect(reason: Error): void {
    const source = this.#source;
    this.#source = undefined;
    this.#left = source ?? this.#left;
    if (!this.#sourceEnded) source?.abort(reason);
  }

  /** Stops the flow of a response that nobody takes yet. */
  #pauseSource(): void {
    if (!this.#sourceEnded) this.#source?.pause();
  }

  #deliver(backlog: HeldResponse): void {
    if (backlog.isDelivering) return;
    backlog.isDelivering = true;
    try {
      this.#deliverAll(backlog);
    } catch (error) {
      this.breakOff(asError(error));
    }
    backlog.isDelivering = false;
    if (!this.#paused && !this.#sourceEnded) this.#source?.resume();
  }

  #deliverAll(backlog: HeldResponse): void {
    while (this.#backlog === backlog && !this.#paused && !this.#finished) {
      const chunk = backlog.next();
      if (chunk !== undefined) this.handler.onResponseData?.(this, chunk);
      else {
        this.#backlog = undefined;
        this.#endAfter(backlog);
      }
    }
  }

  #endAfter({ trailers, error }: HeldResponse): void {
    if (trailers !== undefined) this.#finish(trailers);
    // A stream that fails in the turn that it was filled in drops what it holds.
    if (error !== undefined) setImmediate(() => this.fail(error));
  }

  #finish(trailers: ReceivedHeaders): void {
    if (this.#finished) return;
    this.#finished = true;
    const handler = this.#detachHandler();
    try {
      handler.onResponseEnd?.(this, trailers);
    } catch (error) {
      // What a handler throws here becomes its error, as in undici itself.
      this.#finished = false;
      this.handler = handler;
      throw error;
    }
  }

  /** The handler holds this as its controller: the two of them in a ring would survive many collections of young garbage. */
  #detachHandler(): Handler {
    const { handler } = this;
    this.handler = noHandler;
    return handler;
  }
}

/** What was thrown or rejected with; undici's handlers are made for errors. */
export function asError(thrown: unknown): Error {
  return isNativeError(thrown) ? thrown : new Error('Something other than an error was thrown', { cause: thrown });
}

/** The error of an abort without a reason, as undici itself has it. */
function requestAborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
