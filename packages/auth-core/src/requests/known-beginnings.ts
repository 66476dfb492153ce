/** How much of an answer is remembered, in bytes: a verdict stands at the beginning, and what comes behind differs from answer to answer. */
const LONGEST = 64;
const SHORTEST = 16;
/** An API has a few kinds of answers. */
const MAX_KNOWN = 4;

interface Beginning {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/**
 * How answers began that were found to be no rejection. The answers of an API begin alike: the next one that does is known for no rejection
 * without being decoded or looked into.
 */
export class KnownBeginnings {
  readonly #known: Beginning[] = [];

  has(status: number, chunk: Uint8Array): boolean {
    for (const beginning of this.#known) if (beginning.status === status && beginsWith(chunk, beginning.bytes)) return true;
    return false;
  }

  /**
   * Whether the first bytes of an answer tell that it is no rejection, which `isGood` says of so many of them. They are remembered if so, and no more
   * of them than it takes: the fewer there are, the more answers begin alike.
   */
  learn(status: number, chunk: Uint8Array, isGood: (length: number) => boolean): boolean {
    let length = Math.min(LONGEST, chunk.length);
    if (length === 0 || !isGood(length)) return false;
    for (let shorter = LONGEST / 2; shorter >= SHORTEST; shorter /= 2) if (shorter < length && isGood(shorter)) length = shorter;
    if (this.#known.length === MAX_KNOWN) this.#known.shift();
    // Copied: the chunk belongs to its reader.
    this.#known.push({ status, bytes: Uint8Array.prototype.slice.call(chunk, 0, length) });
    return true;
  }
}

function beginsWith(chunk: Uint8Array, bytes: Uint8Array): boolean {
  if (chunk.length < bytes.length) return false;
  for (let at = 0; at < bytes.length; at += 1) if (chunk[at] !== bytes[at]) return false;
  return true;
}
