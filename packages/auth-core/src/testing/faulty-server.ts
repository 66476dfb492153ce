import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Exchange, maxRequestBody, type ReceivedRequest, receive, type Reply, sendReply } from './exchange.ts';
import { createFaultQueue, type FaultQueue } from './fault-queue.ts';
import { commitFault, type Fault } from './fault.ts';
import { type LoggedRequest, logRequest, type Secrets } from './request-log.ts';

/** Answers the requests that no fault takes. What it throws is answered with 500 and the error's text. */
export type Handler = (request: ReceivedRequest) => Reply | Promise<Reply>;

/** How a {@link FaultyServer} is set up. */
export interface FaultyServerOptions extends Secrets {
  /** The port on 127.0.0.1. Default: 0, a free one. */
  readonly port?: number;
  /** The server's clock, in epoch milliseconds: what its `Date` headers say. Default: `Date.now`. */
  readonly now?: () => number;
  /** Told of every request, before any fault. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** Which exchanges {@link FaultyServer.fail} spoils. */
export interface FailOptions {
  /** How many of them; `Infinity` = all. Default: 1. */
  readonly times?: number;
  /** Only those for which this is true. Default: any. */
  readonly when?: (request: ReceivedRequest) => boolean;
}

/** A real HTTP server that fails on demand. */
export interface FaultyServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** The latest 10,000 requests, oldest first, secrets left out. Live. */
  readonly requests: readonly LoggedRequest[];
  /**
   * Spoils the next exchanges. Faults queue up: each exchange takes the oldest that fits it.
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: Fault, options?: FailOptions): void;
  /** Stops listening and ends every connection, also those in the middle of something. May be called again. */
  close(): Promise<void>;
}

const maxLogged = 10_000;

/**
 * Starts a real HTTP server on 127.0.0.1 that answers as `handler` says and fails on demand. It reads at most 1 MiB of a request (beyond
 * that: 413) and always sends a `Date` header.
 *
 * @throws the error of `listen` if the port cannot be had.
 */
export async function startFaultyServer(handler: Handler, options: FaultyServerOptions = {}): Promise<FaultyServer> {
  const requests: LoggedRequest[] = [];
  const faults = createFaultQueue();
  const closing = new AbortController();
  const record = (request: ReceivedRequest): void => {
    if (requests.push(logRequest(request, options)) > maxLogged) requests.shift();
    options.onRequest?.(request);
  };
  const server = createServer();
  const url = await listen(server, options.port ?? 0);
  const now = options.now ?? Date.now;
  server.on('request', (incoming, response) => {
    response.setHeader('date', new Date(now()).toUTCString());
    void serve({ incoming, response, url, handler, faults, record, closing: closing.signal });
  });
  const close = async (): Promise<void> => {
    closing.abort();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url, requests, fail: (fault, failOptions) => faults.add(fault, failOptions), close, [Symbol.asyncDispose]: close };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // An IP server that listens has an AddressInfo; the other shapes are those of pipes and of closed servers.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Service {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: string;
  readonly handler: Handler;
  readonly faults: FaultQueue;
  readonly record: (request: ReceivedRequest) => void;
  readonly closing: AbortSignal;
}

async function serve({ incoming, response, url, handler, faults, record, closing }: Service): Promise<void> {
  const request = await receive(incoming, url).catch(() => 'unreadable' as const);
  if (request === 'unreadable') return sendReply(response, { status: 400, text: 'this is no request for a path' });
  if (request === undefined) return sendReply(response, { status: 413, text: `more than ${maxRequestBody} bytes` });
  try {
    record(request);
    const exchange: Exchange = { request, response, closing, answer: async () => handler(request) };
    const fault = faults.take(request);
    await (fault === undefined ? sendReply(response, await exchange.answer()) : commitFault(fault, exchange));
  } catch (error) {
    if (response.headersSent || closing.aborted) response.destroy();
    else sendReply(response, { status: 500, text: String(error) });
  }
}
