import { cancelQuietly, isReadable, readAside } from './read-aside.ts';

/** How much of a refusal is read so that its connection is free for the login, in bytes, and how long that may take, in milliseconds. */
const LIMIT = 256 * 1024;
const PATIENCE = 250;

/** A refusal that is read while the new token is on its way. */
export interface TakenIn {
  /** Fulfilled once its connection is free. */
  readonly gone: Promise<void>;
  /** It is handed out after all: what was not read yet is left to its reader. */
  release(): void;
  /** Nobody wants it any more. */
  drop(): void;
}

/** Reads a refusal aside, a short and quick one to its end. Of any other one the connection is given up, and so is the body. */
export function takeInRefusal(response: Response, signal: AbortSignal | undefined): TakenIn {
  const reader = isReadable(response) ? readAside(response, signal) : undefined;
  const drop = (): void => {
    clearTimeout(timer);
    if (reader !== undefined) cancelQuietly(reader);
    dropBody(response);
  };
  const timer = setTimeout(drop, PATIENCE);
  const gone = reader === undefined ? Promise.resolve() : readAll(reader, drop);
  return {
    gone: gone.finally(() => clearTimeout(timer)),
    release: () => {
      clearTimeout(timer);
      if (reader !== undefined) cancelQuietly(reader);
    },
    drop,
  };
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, drop: () => void): Promise<void> {
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > LIMIT) drop();
    }
  } catch {
    // The connection is gone, and nobody needs it.
  }
}

/** The body of some fetches is a stream of Node's own. */
function dropBody({ body }: { readonly body?: unknown }): void {
  if (typeof body !== 'object' || body === null) return;
  if ('cancel' in body && typeof body.cancel === 'function') Promise.resolve(body.cancel()).catch(() => undefined);
  else if ('destroy' in body && typeof body.destroy === 'function') body.destroy();
}
