import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

/** No longer body is kept, in bytes: 1 MiB. What is kept can be sent once more when the token was rejected; what is longer flows through. */
const mostKept = 1024 * 1024;

/** What is sent on as a body; null = none. */
export type Body = Buffer | PassThrough | null;

/** The body of a request. Rejects if the caller is gone before it is known whether it can be kept. */
export async function readBody(incoming: IncomingMessage): Promise<Body> {
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (length > mostKept) return incoming.pipe(flow());
  return collect(incoming);
}

/** Whether there is one; otherwise nothing has to be waited for. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function collect(incoming: IncomingMessage): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => void incoming.off('data', add).off('end', end).off('close', gone);
    const add = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= mostKept) return;
      stop();
      const body = flow();
      for (const each of chunks) body.write(each);
      resolve(incoming.pipe(body));
    };
    const end = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const gone = (): void => {
      stop();
      reject(new Error('The caller is gone'));
    };
    incoming.on('data', add).on('end', end).on('close', gone);
  });
}

/**
 * What a long body flows through. undici destroys a stream that it does not need any more, with an error that concerns nobody else; destroyed like that, the
 * request would take the answer to it along.
 */
function flow(): PassThrough {
  return new PassThrough().on('error', () => undefined);
}
