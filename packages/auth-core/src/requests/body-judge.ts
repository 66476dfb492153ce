import type { ResponseProbe, TokenProvider } from '../token-provider.ts';
import { asBuffer } from './as-buffer.ts';
import { TEXT_LIMIT, WIRE_LIMIT, type PrefixDecoder } from './decode-prefix.ts';
import { decodeText } from './decode-text.ts';
import { probeBody } from './probe-response.ts';

/** So many chunks are looked at the moment they come: more than any ordinary answer has. */
const EAGER_LOOKS = 16;
/** How long a chunk may wait for its look after that, in milliseconds, unless the body has doubled before. */
const LATE_LOOK = 10;

/** What a judge needs to know. */
export interface JudgedResponse {
  readonly provider: TokenProvider;
  readonly head: ResponseProbe;
  /** Null = the bytes are the text. */
  readonly decode: PrefixDecoder | null;
  /** How many bytes there will be, where that is known. */
  readonly length: number | undefined;
  /** Called once, as soon as it is decided. */
  readonly decided: (refused: boolean) => void;
  /** Called instead if `isRejection` throws. */
  readonly failed: (error: unknown) => void;
}

/**
 * Decides from a growing body whether the token was refused. The text is shown from its beginning each time, so the looks are
 * rationed: a body that comes in single bytes is looked at as it doubles, and LATE_LOOK after it stalls.
 *
 * A class: one is made for every response that has to be looked into.
 */
export class BodyJudge {
  readonly chunks: Buffer[] = [];
  readonly #response: JudgedResponse;
  #size = 0;
  #looks = 0;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #done = false;

  constructor(response: JudgedResponse) {
    this.#response = response;
  }

  add(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.#size += chunk.length;
    const ended = this.#size === this.#response.length;
    if (ended || this.#looks < EAGER_LOOKS || this.#size >= 2 * this.#lookedAt || this.#atLimit()) this.#look(ended);
    else this.#timer ??= setTimeout(() => this.#look(false), LATE_LOOK);
  }

  /** There is no more. */
  end(): void {
    this.#look(true);
  }

  /** Nobody needs the verdict any more. */
  cancel(): void {
    this.#done = true;
    clearTimeout(this.#timer);
  }

  #atLimit(): boolean {
    return this.#size > (this.#response.decode === null ? TEXT_LIMIT : WIRE_LIMIT);
  }

  #look(ended: boolean): void {
    if (this.#done) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#looks++;
    this.#lookedAt = this.#size;
    const { decode } = this.#response;
    const text = decode === null ? this.#bytes(TEXT_LIMIT + 1) : asBuffer(decode(this.#bytes(WIRE_LIMIT)));
    const last = text.length > TEXT_LIMIT || ended || this.#atLimit();
    const complete = ended && text.length <= TEXT_LIMIT && (decode === null || this.#size <= WIRE_LIMIT);
    this.#judge(decodeText(text, TEXT_LIMIT, complete), complete, last);
  }

  #judge(text: string, complete: boolean, last: boolean): void {
    const { provider, head, decided, failed } = this.#response;
    let verdict;
    try {
      verdict = provider.isRejection(probeBody(head, text, complete));
    } catch (error) {
      this.cancel();
      return failed(error);
    }
    if (verdict === 'need-body' && !last) return;
    this.cancel();
    decided(verdict === true);
  }

  #bytes(limit: number): Buffer {
    const [first] = this.chunks;
    if (first === undefined) return Buffer.alloc(0);
    if (this.chunks.length === 1) return first.subarray(0, limit);
    return Buffer.concat(this.chunks, Math.min(this.#size, limit));
  }
}
