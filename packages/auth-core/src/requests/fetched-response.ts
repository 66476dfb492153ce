import type { ResponseProbe, TokenProvider } from '../token-provider.ts';
import { announcedLength, BodyJudge, hasJsonBody, type Judging, passesFirstLook } from './judge.ts';
import { DRAIN_LIMIT, limitDraining } from './held-response.ts';

/** What counts of the call that brought the response. */
export interface CallFacts {
  readonly method: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Whether a response that `fetch` brought says that the token was rejected. Where its body has to be looked at, a clone of it is read, so that the
 * response itself stays as it came.
 */
export function isRejected(judging: Judging, response: Response, { method, signal }: CallFacts): boolean | Promise<boolean> {
  const head = probeOf(response);
  const verdict = judgeHead(judging.provider, head, response);
  if (verdict !== 'need-body') return verdict;
  if (!hasJsonBody(method, head.status, head.header('content-type')) || !isReadable(response)) return false;
  const reader = readClone(response, signal);
  return reader === undefined ? false : judgeClone(judging, head, response, reader);
}

async function judgeClone(
  judging: Judging,
  head: ResponseProbe,
  response: ReadableResponse,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<boolean> {
  try {
    const first = await readOn(reader);
    if (first?.done === false && passesFirstLook(judging, head, first.value)) return false;
    return await judgeBody(judging.provider, head, reader, first);
  } catch (error) {
    cancelQuietly(response.body);
    throw error;
  } finally {
    cancelQuietly(reader);
  }
}

/** The head of a response. What stands in for a fetch in a test may have no headers, or others. */
export function probeOf(response: Response): ResponseProbe {
  const { headers }: { headers?: Partial<Headers> } = response;
  return { status: response.status, header: (name) => headers?.get?.(name) ?? undefined };
}

function judgeHead(provider: TokenProvider, head: ResponseProbe, response: Response): boolean | 'need-body' {
  try {
    return provider.isRejection(head);
  } catch (error) {
    dropBody(response);
    throw error;
  }
}

type Part = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** The next part of a body; undefined = it broke off, which its reader will see, too. */
async function readOn(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Part | undefined> {
  try {
    return await reader.read();
  } catch {
    return undefined;
  }
}

/** `fetch` has decoded the body already, so that an announced length holds only where there was nothing to decode. */
function judgeBody(
  provider: TokenProvider,
  head: ResponseProbe,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Part | undefined,
): Promise<boolean> {
  const length = head.header('content-encoding') === undefined ? announcedLength(head) : undefined;
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    const judge = new BodyJudge({ provider, head, chunks, decode: null, length, decided: resolve, failed: reject });
    const pump = async (): Promise<void> => {
      for (let part = first; ; part = await readOn(reader)) {
        if (part === undefined) return resolve(false);
        // So it ends also when the reader is cancelled because it is decided.
        if (part.done) return judge.end();
        chunks.push(part.value);
        judge.added(part.value.length);
      }
    };
    pump()
      .catch(reject)
      .finally(() => judge.cancel());
  });
}

/** A rejection that is read while the new token is requested. */
export interface DrainedRejection {
  /** Fulfilled once its connection is free. */
  readonly settled: Promise<void>;
  /** It is returned after all: what was not read yet is left to its reader. */
  stop(): void;
  /** Nobody wants it any more. */
  drop(): void;
}

/** Reads a clone of a rejection, a short and quick one to its end. For any other one the connection is closed, and the body is dropped. */
export function drainRejection(response: Response, signal: AbortSignal | undefined): DrainedRejection {
  const reader = isReadable(response) ? readClone(response, signal) : undefined;
  let pending = true;
  const timer = limitDraining(() => pending && drop());
  const end = (): void => {
    pending = false;
    clearTimeout(timer);
  };
  const stop = (): void => {
    end();
    if (reader !== undefined) cancelQuietly(reader);
  };
  const drop = (): void => {
    stop();
    dropBody(response);
  };
  return { settled: reader === undefined ? Promise.resolve() : readAll(reader, drop).finally(end), stop, drop };
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, drop: () => void): Promise<void> {
  let size = 0;
  // Where the connection is gone, nobody needs it.
  for (let part = await readOn(reader); part?.done === false; part = await readOn(reader)) {
    size += part.value.length;
    if (size > DRAIN_LIMIT) drop();
  }
}

/** A response whose body is a stream that can be read. */
type ReadableResponse = Response & { readonly body: ReadableStream<Uint8Array> };

/** Whether there is a stream to be read, which what stands in for a fetch may lack, or have read already. */
function isReadable(response: Response): response is ReadableResponse {
  const { body }: { body?: ReadableStream | null } = response;
  return typeof body?.getReader === 'function' && typeof response.clone === 'function' && !body.locked && !response.bodyUsed;
}

/** Reads a clone, so that the response itself stays as it came. Undefined = there is nothing to read. */
function readClone(response: ReadableResponse, signal: AbortSignal | undefined): ReadableStreamDefaultReader<Uint8Array> | undefined {
  const clone = response.clone();
  // What some fetches call a clone is the response itself: to read it would take the body away.
  if (clone.body === response.body) return undefined;
  const reader = clone.body?.getReader();
  if (isUndici6) surviveAbort(response.body, signal);
  return reader;
}

/** Ends a reading that nobody needs any more. Not waited for: the cancellation of one branch ends with the other branch only. */
function cancelQuietly(stream: { cancel(): Promise<void> }): void {
  stream.cancel().catch(() => undefined);
}

/** The body of a response that nobody wants; that of some fetches is a stream of Node's own. */
function dropBody({ body }: { readonly body?: unknown }): void {
  if (typeof body !== 'object' || body === null) return;
  if ('cancel' in body && typeof body.cancel === 'function') Promise.resolve(body.cancel()).catch(() => undefined);
  else if ('destroy' in body && typeof body.destroy === 'function') body.destroy();
}

/** Whether Node's own fetch is that of undici 6, as in Node 20 and 22. */
const isUndici6 = process.versions['undici']?.startsWith('6.') === true;

/**
 * The fetch of undici 6 cancels an answer's body when its signal fires, be it one of that fetch's own. That of a cloned one fails with the very
 * reason, nobody handles it, and the process ends. There is nothing left to cancel then: the abort has broken off the connection.
 */
function surviveAbort(body: ReadableStream, signal: AbortSignal | undefined): void {
  const cancel = body.cancel.bind(body);
  const value: typeof cancel = async (reason) => {
    if (signal?.aborted === true) return;
    await cancel(reason).catch((error: unknown) => {
      if (error !== reason) throw error;
    });
  };
  Object.defineProperty(body, 'cancel', { value, writable: true, configurable: true });
}
