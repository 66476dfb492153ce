import type { HeadProbe, ReceivedHeaders } from './judge.ts';

/** How much more of a rejection is read so that its connection is free for the login, in bytes, and how long that may take, in milliseconds. */
export const DRAIN_LIMIT: number = 256 * 1024;
const DRAIN_TIME = 250;

/** Calls back once a rejection has taken too long to be worth its connection. Returns the timer. */
export function limitDraining(giveUp: () => void): NodeJS.Timeout {
  // What came while the event loop was blocked is read before the rest is dropped.
  return setTimeout(() => setImmediate(giveUp), DRAIN_TIME);
}

/**
 * A response that is held back: until it is judged, once it is known to be a rejection until there is a token to send the request again with, and
 * while its reader pauses. It owns what has come of the body. While it is judged or rejected it is read on and never paused: the login may need
 * its connection, and undici 7 ends the process where a paused connection is closed.
 *
 * A class: one is made for every response that has to be looked into.
 */
export class HeldResponse {
  readonly head: HeadProbe;
  readonly chunks: Buffer[] = [];
  /** Set once the response was complete. */
  trailers: ReceivedHeaders | undefined;
  /** Set once its connection failed. */
  error: Error | undefined;
  /** A handler that resumes while it is handed the head or a chunk must not be handed the next chunk within. */
  isDelivering = false;
  #delivered = 0;
  #drained = 0;
  #giveUp: (() => void) | undefined;
  #settled: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(head: HeadProbe) {
    this.head = head;
  }

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    if (this.#giveUp === undefined) return;
    this.#drained += chunk.length;
    if (this.#drained > DRAIN_LIMIT) this.#tooMuch();
  }

  end(trailers: ReceivedHeaders): void {
    this.trailers = trailers;
    this.#settle();
  }

  fail(error: Error): void {
    this.error = error;
    this.#settle();
  }

  /** It is a rejection. Calls back once if the rest of it is too long or too slow to be worth its connection. */
  drain(giveUp: () => void): void {
    if (this.#isOver) return;
    this.#giveUp = giveUp;
    this.#timer = limitDraining(() => this.#tooMuch());
  }

  /** Calls back once the connection is free again. */
  whenSettled(callback: () => void): void {
    if (this.#isOver) callback();
    else this.#settled = callback;
  }

  /** Nobody waits for its end any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#giveUp = undefined;
    this.#settled = undefined;
  }

  /** The next chunk to be delivered; undefined = there is none left. */
  next(): Buffer | undefined {
    return this.chunks[this.#delivered++];
  }

  get #isOver(): boolean {
    return this.trailers !== undefined || this.error !== undefined;
  }

  #tooMuch(): void {
    const giveUp = this.#giveUp;
    this.#giveUp = undefined;
    giveUp?.();
  }

  #settle(): void {
    const settled = this.#settled;
    this.cancel();
    settled?.();
  }
}
