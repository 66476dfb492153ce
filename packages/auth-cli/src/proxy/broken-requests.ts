import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import type { ProxyLogEntry } from './log-entry.ts';
import { type Refusal, rawRefusal } from './refusal.ts';

/** Answers what Node does not hand on as a request: CONNECT, and what is not HTTP or can be read in two ways. */
export function refuseBrokenRequests(server: Server, log: (entry: ProxyLogEntry) => void): void {
  // A connection that has had a request is owed its answer: ours would be taken for that.
  const used = new WeakSet<Duplex>();
  const use = ({ socket }: IncomingMessage): void => void used.add(socket);
  const refuse = (socket: Duplex, refusal: Refusal, { method, path }: Pick<ProxyLogEntry, 'method' | 'path'>): void => {
    if (used.has(socket) || !socket.writable) return void socket.destroy();
    socket.end(rawRefusal(refusal));
    log({ method, path, status: refusal.status, duration: 0, code: refusal.code });
  };
  server.on('request', use).on('checkContinue', use);
  server.on('connect', ({ url = '' }, socket: Duplex) => {
    // Node listens to it no more.
    socket.on('error', () => undefined);
    refuse(socket, connectRefusal, { method: 'CONNECT', path: url });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket, refusalOf(error.code), { method: '?', path: '?' }));
}

const connectRefusal: Refusal = {
  status: 405,
  code: 'METHOD',
  message: 'CONNECT is refused: call this server by its own URL, not as the proxy of an HTTP client.',
};

function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, code: 'HEADERS_TOO_LARGE', message: 'The headers of this request are too large.' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, code: 'TIMEOUT', message: 'The headers of this request did not come in time.' };
  return { status: 400, code: 'BAD_REQUEST', message: 'This is not a request of HTTP/1.1, or it can be read in two ways.' };
}
