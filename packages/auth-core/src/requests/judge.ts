import type { ResponseProbe, TokenProvider } from '../token-provider.ts';
import { decodeText, type PrefixDecoder, TEXT_LIMIT, WIRE_LIMIT } from './decode.ts';

/** Response headers as undici hands them to handlers. */
export type ReceivedHeaders = Record<string, string | string[] | undefined>;

/** A response's head, as `isRejection` looks at it first. A class: one is made for every response. */
export class HeadProbe implements ResponseProbe {
  readonly status: number;
  readonly headers: ReceivedHeaders;
  /** The reason phrase. */
  readonly message: string | undefined;

  constructor(status: number, headers: ReceivedHeaders, message: string | undefined) {
    this.status = status;
    this.headers = headers;
    this.message = message;
  }

  header(name: string): string | undefined {
    return joined(this.headers[name]);
  }

  /** As `header` tells it; a name that is known when the code is compiled is looked up several times faster. */
  get contentType(): string | undefined {
    return joined(this.headers['content-type']);
  }

  get contentEncoding(): string | undefined {
    return joined(this.headers['content-encoding']);
  }
}

function joined(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Whether the response carries a body that may speak of the token: JSON, in an answer that can have a body. */
export function hasJsonBody(method: string, status: number, contentType: string | undefined): boolean {
  if (method === 'HEAD' || status === 204 || status === 205 || status === 304) return false;
  return contentType !== undefined && isJson(contentType);
}

function isJson(contentType: string): boolean {
  // As nearly every answer spells it.
  if (contentType === 'application/json' || contentType.startsWith('application/json;')) return true;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || type.endsWith('+json');
}

/** The announced length in bytes on the wire. */
export function announcedLength(head: ResponseProbe): number | undefined {
  const length = head.header('content-length');
  // What is no number never equals the length of what came.
  return length === undefined ? undefined : Number(length);
}

/** So many chunks are looked at the moment they come: more than any ordinary answer has. */
const EAGER_LOOKS = 16;
/** How long a chunk may wait for its look after that, in milliseconds, unless the body has doubled before. */
const LATE_LOOK = 10;

/** What a judge needs to know. */
export interface JudgeInput {
  readonly provider: TokenProvider;
  readonly head: ResponseProbe;
  /** What has come of the body, in order; whoever owns it adds to it. */
  readonly chunks: readonly Uint8Array[];
  /** Null = the bytes are the text. */
  readonly decode: PrefixDecoder | null;
  /** How many bytes there will be, where that is known. */
  readonly length: number | undefined;
  /** Called once, as soon as it is decided. */
  readonly decided: (rejected: boolean) => void;
  /** Called instead if `isRejection` throws. */
  readonly failed: (error: unknown) => void;
}

/**
 * Decides from a growing body whether the token was rejected. The text is shown from its beginning each time, so the looks are limited: a body that
 * comes in single bytes is looked at as it doubles, and LATE_LOOK after it stalls.
 *
 * A class: one is made for every response that has to be looked into.
 */
export class BodyJudge {
  readonly #response: JudgeInput;
  #size = 0;
  #looks = 0;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #done = false;

  constructor(response: JudgeInput) {
    this.#response = response;
  }

  /** A chunk of so many bytes was added. */
  added(size: number): void {
    if (size === 0 || this.#done) return;
    this.#size += size;
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
    const text = decode === null ? this.#bytes(TEXT_LIMIT + 1) : decode(this.#bytes(WIRE_LIMIT));
    const last = text.length > TEXT_LIMIT || ended || this.#atLimit();
    const complete = ended && text.length <= TEXT_LIMIT && (decode === null || this.#size <= WIRE_LIMIT);
    this.#judge(decodeText(text, TEXT_LIMIT, complete), complete, last);
  }

  #judge(text: string, complete: boolean, last: boolean): void {
    const { provider, head, decided, failed } = this.#response;
    let verdict;
    try {
      verdict = provider.isRejection(new BodyProbe(head, text, complete));
    } catch (error) {
      this.cancel();
      return failed(error);
    }
    if (verdict === 'need-body' && !last) return;
    this.cancel();
    decided(verdict === true);
  }

  #bytes(limit: number): Uint8Array {
    const { chunks } = this.#response;
    const [first] = chunks;
    return chunks.length === 1 && first !== undefined ? first.subarray(0, limit) : Buffer.concat(chunks, Math.min(this.#size, limit));
  }
}

/** The head again, with what is known of the body. A class: one is made for every look into a body. */
export class BodyProbe implements ResponseProbe {
  /** Whether the verdict may depend on more than the body. */
  askedForHeaders = false;
  readonly status: number;
  readonly body: string;
  readonly complete: boolean;
  readonly #head: ResponseProbe;

  constructor(head: ResponseProbe, body: string, complete: boolean) {
    this.status = head.status;
    this.body = body;
    this.complete = complete;
    this.#head = head;
  }

  header(name: string): string | undefined {
    this.askedForHeaders = true;
    return this.#head.header(name);
  }
}

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

/** Who judges, and how the answers began that are known for no rejection. */
export interface Judging {
  readonly provider: TokenProvider;
  readonly known: KnownBeginnings;
}

/** Whether the first bytes of a body tell that this is no rejection, which is so for most answers; any other one has to be judged. */
export function passesFirstLook({ provider, known }: Judging, head: ResponseProbe, chunk: Uint8Array): boolean {
  if (known.has(head.status, chunk)) return true;
  // What depends on the headers, too, says nothing about the next answer that begins like this one.
  const isGood = (length: number): boolean => {
    const probe = new BodyProbe(head, decodeText(chunk, length, false), false);
    return provider.isRejection(probe) === false && !probe.askedForHeaders;
  };
  try {
    return known.learn(head.status, chunk, isGood);
  } catch {
    // The judge will come upon it, too.
    return false;
  }
}
