import type { ReceivedHeaders } from './dispatch-types.ts';

/** How much more of a refusal is taken in while the new token is on its way, in bytes, and how long that may take, in milliseconds. */
const KEEP_LIMIT = 256 * 1024;
const KEEP_PATIENCE = 250;

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ReceivedHeaders;
  readonly message: string | undefined;
}

/**
 * A response that is kept back: until it is judged, and, once it is known to be a refusal, until there is a token to try again with. Meanwhile it is
 * taken in and never paused: the login may need its connection, and undici 7 ends the process where a paused connection is closed.
 *
 * A class: one is made for every response that has to be looked into.
 */
export class KeptResponse {
  readonly head: ResponseHead;
  readonly chunks: Buffer[];
  /** Set once the response was complete. */
  trailers: ReceivedHeaders | undefined;
  /** Set once its connection failed. */
  error: Error | undefined;
  #extra = 0;
  #giveUp: (() => void) | undefined;
  #gone: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(head: ResponseHead, chunks: Buffer[]) {
    this.head = head;
    this.chunks = chunks;
  }

  /** It is a refusal. Calls back once if the rest of it is too long or too slow to be worth its connection. */
  takeIn(giveUp: () => void): void {
    if (this.#isOver) return;
    this.#giveUp = giveUp;
    // What came while the event loop stood still is read before it is given up.
    this.#timer = setTimeout(() => setImmediate(() => this.#tooMuch()), KEEP_PATIENCE);
  }

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.#extra += chunk.length;
    if (this.#extra > KEEP_LIMIT) this.#tooMuch();
  }

  end(trailers: ReceivedHeaders): void {
    this.trailers = trailers;
    this.#settle();
  }

  fail(error: Error): void {
    this.error = error;
    this.#settle();
  }

  /** Calls back once the connection is free again. */
  whenGone(callback: () => void): void {
    if (this.#isOver) callback();
    else this.#gone = callback;
  }

  /** Nobody waits any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#giveUp = undefined;
    this.#gone = undefined;
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
    const gone = this.#gone;
    this.cancel();
    gone?.();
  }
}
