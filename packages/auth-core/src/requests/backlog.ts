import type { ReceivedHeaders } from './dispatch-types.ts';

/** What came of a body before its handler took it, in order. A class: one is made for every response that was kept back. */
export class Backlog {
  readonly chunks: Buffer[];
  /** Set once the response was complete. */
  trailers: ReceivedHeaders | undefined;
  /** Set once its connection failed. */
  error: Error | undefined;
  /** A handler that resumes while it is handed the head or a chunk must not be handed the next chunk within. */
  delivering = false;
  #delivered = 0;

  constructor(chunks: Buffer[]) {
    this.chunks = chunks;
  }

  /** The next chunk to be delivered; undefined = there is none left. */
  next(): Buffer | undefined {
    return this.chunks[this.#delivered++];
  }
}
