import { cancelQuietly, dropBody, isReadable, readAside } from './read-aside.ts';

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
  let pending = true;
  const stop = (): void => {
    pending = false;
    clearTimeout(timer);
  };
  const drop = (): void => {
    stop();
    if (reader !== undefined) cancelQuietly(reader);
    dropBody(response);
  };
  // What came while the event loop stood still is read before it is given up.
  const timer = setTimeout(() => setImmediate(() => pending && drop()), PATIENCE);
  return {
    gone: reader === undefined ? Promise.resolve() : readAll(reader, drop).finally(stop),
    release: () => {
      stop();
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
