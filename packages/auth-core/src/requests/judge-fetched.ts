import type { ResponseProbe, TokenProvider } from '../token-provider.ts';
import { asBuffer } from './as-buffer.ts';
import { BodyJudge } from './body-judge.ts';
import { announcedLength, hasJsonBody } from './probe-response.ts';

/** How much of a refusal is read so that its connection can be used again, in bytes, and how long that may take, in milliseconds. */
const DRAIN_LIMIT = 16 * 1024;
const DRAIN_PATIENCE = 250;

/**
 * Whether a response that `fetch` brought says that the token was refused. Where its body has to be looked at, a clone of it is read, so
 * that the response itself stays as it came.
 */
export async function isRefusal(provider: TokenProvider, response: Response, method: string): Promise<boolean> {
  // What stands in for a fetch in a test may have no headers.
  const { headers }: { headers?: Headers } = response;
  const head: ResponseProbe = { status: response.status, header: (name) => headers?.get(name) ?? undefined };
  const verdict = provider.isRejection(head);
  if (verdict !== 'need-body') return verdict;
  if (!hasJsonBody(method, head.status, head.header('content-type')) || !isReadable(response)) return false;
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return false;
  try {
    return await judge(provider, head, reader);
  } catch (error) {
    ignoreFailure(response.body.cancel());
    throw error;
  } finally {
    // Not waited for: the cancellation of one branch ends with the other branch only.
    ignoreFailure(reader.cancel());
  }
}

/** Whether there is a stream to be read, which what stands in for a fetch may lack, or have read already. */
function isReadable(response: Response): response is Response & { readonly body: ReadableStream<Uint8Array> } {
  const { body }: { body?: ReadableStream | null } = response;
  return typeof body?.getReader === 'function' && typeof response.clone === 'function' && !body.locked && !response.bodyUsed;
}

function ignoreFailure(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

/** `fetch` has decoded the body already, so that an announced length holds only where there was nothing to decode. */
function judge(provider: TokenProvider, head: ResponseProbe, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<boolean> {
  const length = head.header('content-encoding') === undefined ? announcedLength(head) : undefined;
  return new Promise((resolve, reject) => {
    const body = new BodyJudge({ provider, head, decode: null, length, decided: resolve, failed: reject });
    const pump = async (): Promise<void> => {
      for (;;) {
        const part = await reader.read().catch(() => undefined);
        // A body that breaks off while it is judged breaks off for its reader, too.
        if (part === undefined) return resolve(false);
        // So it ends also when the reader is cancelled because it is decided.
        if (part.done) return body.end();
        body.add(asBuffer(part.value));
      }
    };
    pump()
      .catch(reject)
      .finally(() => body.cancel());
  });
}

/** Reads a short rest, so that the connection is free for the next request, and gives up a long or slow one. */
export async function discard(response: Response): Promise<void> {
  if (!isReadable(response)) return;
  const reader = response.body.getReader();
  const giveUp = (): void => ignoreFailure(reader.cancel());
  const timer = setTimeout(giveUp, DRAIN_PATIENCE);
  try {
    let size = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > DRAIN_LIMIT) giveUp();
    }
  } catch {
    // The connection is gone, and nobody needs it.
  } finally {
    clearTimeout(timer);
  }
}
