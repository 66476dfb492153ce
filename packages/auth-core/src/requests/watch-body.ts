import type { RequestOptions } from './dispatch-types.ts';

interface NodeStream {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Listens to a body for as long as its request waits to be sent: undici does so only from then on, and a stream that fails while nobody
 * listens ends the process. Returns how to stop.
 */
export function watchBody(body: RequestOptions['body'], failed: (error: Error) => void): () => void {
  if (!isNodeStream(body)) return () => undefined;
  body.on('error', failed);
  return () => void body.off('error', failed);
}

/** By its shape, as undici judges it. */
function isNodeStream(body: unknown): body is NodeStream {
  return (
    typeof body === 'object' &&
    body !== null &&
    'pipe' in body &&
    'on' in body &&
    typeof body.on === 'function' &&
    'off' in body &&
    typeof body.off === 'function'
  );
}
