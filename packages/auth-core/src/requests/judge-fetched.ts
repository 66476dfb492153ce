import type { ResponseProbe, TokenProvider } from '../token-provider.ts';
import { asBuffer } from './as-buffer.ts';
import { BodyJudge } from './body-judge.ts';
import { announcedLength, hasJsonBody } from './probe-response.ts';
import { cancelQuietly, dropBody, isReadable, readAside } from './read-aside.ts';

/** What counts of the call that brought the response. */
export interface JudgedCall {
  readonly method: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Whether a response that `fetch` brought says that the token was refused. Where its body has to be looked at, a clone of it is read, so
 * that the response itself stays as it came.
 */
export async function isRefused(provider: TokenProvider, response: Response, { method, signal }: JudgedCall): Promise<boolean> {
  // What stands in for a fetch in a test may have no headers, or others.
  const { headers }: { headers?: Partial<Headers> } = response;
  const head: ResponseProbe = { status: response.status, header: (name) => headers?.get?.(name) ?? undefined };
  const verdict = judgeHead(provider, head, response);
  if (verdict !== 'need-body') return verdict;
  if (!hasJsonBody(method, head.status, head.header('content-type')) || !isReadable(response)) return false;
  const reader = readAside(response, signal);
  if (reader === undefined) return false;
  try {
    return await judge(provider, head, reader);
  } catch (error) {
    cancelQuietly(response.body);
    throw error;
  } finally {
    cancelQuietly(reader);
  }
}

function judgeHead(provider: TokenProvider, head: ResponseProbe, response: Response): boolean | 'need-body' {
  try {
    return provider.isRejection(head);
  } catch (error) {
    dropBody(response);
    throw error;
  }
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
