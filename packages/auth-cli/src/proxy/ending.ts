import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How a server ends. Both can be called more than once. */
export interface Ending {
  /** With the last answer that it owes. */
  readonly inOrder: () => Promise<void>;
  /** Now: every connection is closed. */
  readonly atOnce: () => Promise<void>;
}

/** To be called before the first request comes. */
export function endingOf(server: Server): Ending {
  // A connection that is kept open after its answer would keep a server that is closed.
  const letGo = (_request: IncomingMessage, response: ServerResponse): void => {
    response.once('close', () => void (server.listening || setImmediate(() => server.closeIdleConnections())));
  };
  server.on('request', letGo).on('checkContinue', letGo);
  const closed = new Promise<void>((resolve) => void server.once('close', resolve));
  const end = (connections: 'closeIdleConnections' | 'closeAllConnections'): Promise<void> => {
    server.close();
    server[connections]();
    return closed;
  };
  return { inOrder: () => end('closeIdleConnections'), atOnce: () => end('closeAllConnections') };
}
