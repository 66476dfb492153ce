import type { ReceivedHeaders } from './dispatch-types.ts';

/** How much more of a refusal is taken in while the new token is on its way, in bytes. */
const KEEP_LIMIT = 16 * 1024;
/** How long the rest of a refusal may take once the new token is there, in milliseconds; its connection is lost otherwise. */
const REST_PATIENCE = 250;

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ReceivedHeaders;
  readonly message: string | undefined;
}

/**
 * A response that is kept back: until it is judged, and, once it is known to be a refusal, until there is a token to try again with.
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
  #gone: ((complete: boolean) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(head: ResponseHead, chunks: Buffer[]) {
    this.head = head;
    this.chunks = chunks;
  }

  /** False = that is more than is taken in. */
  add(chunk: Buffer): boolean {
    this.#extra += chunk.length;
    if (this.#gone === undefined) this.chunks.push(chunk);
    else if (this.#extra > KEEP_LIMIT) this.#settle(false);
    return this.#extra <= KEEP_LIMIT;
  }

  end(trailers: ReceivedHeaders): void {
    this.trailers = trailers;
    this.#settle(true);
  }

  fail(error: Error): void {
    this.error = error;
    this.#settle(true);
  }

  /** Calls back once the connection is free again: `complete` – or else it is not worth waiting for, the rest being too long or too slow. */
  whenGone(callback: (complete: boolean) => void): void {
    this.#gone = callback;
    if (this.trailers !== undefined || this.error !== undefined) this.#settle(true);
    else if (this.#extra > KEEP_LIMIT) this.#settle(false);
    else this.#timer = setTimeout(() => this.#settle(false), REST_PATIENCE);
  }

  /** Nobody waits any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#gone = undefined;
  }

  #settle(complete: boolean): void {
    const gone = this.#gone;
    this.cancel();
    gone?.(complete);
  }
}
