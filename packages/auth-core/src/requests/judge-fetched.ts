import type { ResponseProbe, TokenProvider } from '../token-provider.ts';
import { BodyJudge } from './body-judge.ts';
import { restoreBody, type PeekedBody } from './peeked-response.ts';
import { announcedLength, hasJsonBody } from './probe-response.ts';

/** How much of a refusal is read so that its connection can be used again, in bytes, and how long that may take, in milliseconds. */
const DRAIN_LIMIT = 16 * 1024;
const DRAIN_PATIENCE = 250;

/**
 * Whether a response that `fetch` brought says that the token was refused. It can be read as before afterwards, whatever of its body had to
 * be looked at; a body that breaks off while it is judged breaks off for its reader.
 */
export async function isRefusal(provider: TokenProvider, response: Response, method: string): Promise<boolean> {
  const head: ResponseProbe = { status: response.status, header: (name) => response.headers.get(name) ?? undefined };
  const verdict = provider.isRejection(head);
  if (verdict !== 'need-body') return verdict;
  if (response.body === null || !hasJsonBody(head, method)) return false;
  const { refused, peeked } = await peek(provider, head, response.body.getReader());
  restoreBody(response, peeked);
  return refused;
}

interface Verdict {
  readonly refused: boolean;
  readonly peeked: PeekedBody;
}

/** `fetch` has decoded the body already, so that an announced length holds only where there was nothing to decode. */
function peek(provider: TokenProvider, head: ResponseProbe, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Verdict> {
  const length = head.header('content-encoding') === undefined ? announcedLength(head) : undefined;
  return new Promise((resolve, reject) => {
    let open = true;
    let ended = false;
    let pending: PeekedBody['pending'];
    const decided = (refused: boolean): void => {
      open = false;
      resolve({ refused, peeked: { chunks: judge.chunks, reader, ended, pending } });
    };
    const judge = new BodyJudge({ provider, head, decode: null, length, decided, failed: reject });
    const pump = async (): Promise<void> => {
      for (;;) {
        pending = reader.read();
        const { done, value } = await pending;
        // Decided meanwhile: what was read belongs to the one who reads on.
        if (!open) return;
        pending = undefined;
        ended = done;
        if (done) judge.end();
        else judge.add(value);
        if (!open) return;
      }
    };
    pump().catch((error: unknown) => {
      judge.cancel();
      // A read that failed is handed on, to fail where the body is read; anything else is the provider's fault.
      if (pending === undefined) reject(error);
      else if (open) decided(false);
    });
  });
}

/** Reads a short rest, so that the connection is free for the next request, and gives up a long or slow one. */
export async function discard(response: Response): Promise<void> {
  if (response.body === null || response.bodyUsed) return;
  const reader = response.body.getReader();
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
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
