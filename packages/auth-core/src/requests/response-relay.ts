import { Backlog } from './backlog.ts';
import type { Controller, Handler, ReceivedHeaders, UpgradedSocket } from './dispatch-types.ts';
import type { KeptResponse, ResponseHead } from './kept-response.ts';
import { asError, requestAborted } from './request-errors.ts';

/** Who is there when the response is over. */
const nobody: Handler = {};

type RawHeaders = NonNullable<Controller['rawHeaders']> | null;

/**
 * Hands one response to a handler, wherever it comes from: one start, data only while the handler takes it, one end or one error. To
 * the handler it is the controller, the same one through a login and a repeat.
 *
 * A class because one is made for every request, as the base of the handler that undici calls.
 */
export class ResponseRelay implements Controller {
  handler: Handler;
  #source: Controller | undefined;
  /** The exchange that was broken off last: what came of it may be handed out after all. */
  #left: Controller | undefined;
  #sourceEnded = false;
  #started = false;
  #responded = false;
  #context: unknown;
  #paused = false;
  #reason: Error | null = null;
  #finished = false;
  #backlog: Backlog | undefined;

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

  /** Takes effect with the response: a body that is held up before could not be judged, and its head would never come. */
  pause(): void {
    this.#paused = true;
    if (this.#responded) this.hold();
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
      if (this.#paused) this.hold();
    }
    this.handler.onResponseStart?.(this, status, headers, message);
  }

  /** Hands on a head and the first of its body; in between the handler may pause or abort. */
  respondWith(head: ResponseHead, chunk: Buffer): void {
    this.respond(head.status, head.headers, head.message);
    if (this.#paused) this.#backlog = new Backlog([chunk]);
    else if (!this.#finished) this.data(chunk);
  }

  data(chunk: Buffer): void {
    // Behind a backlog it has to queue: the order counts, and so does the handler's wish to pause.
    if (this.#backlog === undefined) this.handler.onResponseData?.(this, chunk);
    else this.#backlog.chunks.push(chunk);
  }

  end(trailers: ReceivedHeaders): void {
    this.#sourceEnded = true;
    if (this.#backlog !== undefined) this.#backlog.trailers = trailers;
    else this.#finish(trailers);
  }

  /** The exchange broke off: first the handler gets what came. */
  failSource(error: Error): void {
    this.#sourceEnded = true;
    if (this.#backlog !== undefined && !this.brokenOff) this.#backlog.error = error;
    else this.fail(error);
  }

  upgrade(status: number, headers: ReceivedHeaders, socket: UpgradedSocket): void {
    this.#finished = true;
    this.#dismiss().onRequestUpgrade?.(this, status, headers, socket);
  }

  fail(error: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    this.stopWaiting();
    this.#dismiss().onResponseError?.(this, error);
  }

  /** Hands on what was kept back, as far as the handler takes it, and lets the rest flow. */
  release(kept: KeptResponse): void {
    const backlog = new Backlog(kept.chunks);
    this.#backlog = backlog;
    if (kept.trailers !== undefined) this.end(kept.trailers);
    if (kept.error !== undefined) this.failSource(kept.error);
    backlog.delivering = true;
    try {
      this.respond(kept.head.status, kept.head.headers, kept.head.message);
    } catch (error) {
      this.breakOff(asError(error));
    }
    backlog.delivering = false;
    this.#deliver(backlog);
  }

  /** Stops the flow of a response that nobody takes yet. */
  protected hold(): void {
    if (!this.#sourceEnded) this.#source?.pause();
  }

  /** Breaks off the exchange that runs. */
  protected disconnect(reason: Error): void {
    const source = this.#source;
    this.#source = undefined;
    this.#left = source ?? this.#left;
    if (!this.#sourceEnded) source?.abort(reason);
  }

  #deliver(backlog: Backlog): void {
    if (backlog.delivering) return;
    backlog.delivering = true;
    try {
      this.#deliverAll(backlog);
    } catch (error) {
      this.breakOff(asError(error));
    }
    backlog.delivering = false;
    if (!this.#paused && !this.#sourceEnded) this.#source?.resume();
  }

  #deliverAll(backlog: Backlog): void {
    while (this.#backlog === backlog && !this.#paused && !this.#finished) {
      const chunk = backlog.next();
      if (chunk !== undefined) this.handler.onResponseData?.(this, chunk);
      else {
        this.#backlog = undefined;
        this.#endAfter(backlog);
      }
    }
  }

  #endAfter({ trailers, error }: Backlog): void {
    if (trailers !== undefined) this.#finish(trailers);
    // A stream that fails in the turn that it was filled in drops what it holds.
    if (error !== undefined) setImmediate(() => this.fail(error));
  }

  #finish(trailers: ReceivedHeaders): void {
    if (this.#finished) return;
    this.#finished = true;
    const handler = this.#dismiss();
    try {
      handler.onResponseEnd?.(this, trailers);
    } catch (error) {
      // What a handler throws here becomes its error, as in undici itself.
      this.#finished = false;
      this.handler = handler;
      throw error;
    }
  }

  /** Lets go of the handler, which holds this as its controller: a ring of the two would outlive many collections of young garbage. */
  #dismiss(): Handler {
    const { handler } = this;
    this.handler = nobody;
    return handler;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
