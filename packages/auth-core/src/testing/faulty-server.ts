import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Exchange, maxRequestBody, type ReceivedRequest, receive, type Reply, sendReply } from './exchange.ts';
import { commitFault, type Fault } from './fault.ts';
import { type LoggedRequest, logRequest, type Secrets } from './request-log.ts';

/** Replies to the requests that no fault applies to. If it throws, the response is 500 with the text of the error. */
export type Handler = (request: ReceivedRequest) => Reply | Promise<Reply>;

/** Options of {@link startFaultyServer}. */
export interface FaultyServerOptions extends Secrets {
  /** The port on 127.0.0.1. Default: 0 (any free port). */
  readonly port?: number;
  /** The server's clock, in epoch milliseconds, for its `Date` headers. Default: `Date.now`. */
  readonly now?: () => number;
  /** Called with every request, before any fault applies. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** Options of {@link FaultyServer.fail}. */
export interface FailOptions {
  /** How many exchanges fail; `Infinity` for all. Default: 1. */
  readonly times?: number;
  /** Limits the fault to requests for which this returns true. Default: any request. */
  readonly when?: (request: ReceivedRequest) => boolean;
}

/** An HTTP server on 127.0.0.1 that fails on demand. */
export interface FaultyServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** The latest 10,000 requests without their secrets, oldest first; grows with each request. */
  readonly requests: readonly LoggedRequest[];
  /**
   * Queues a fault for the next exchanges. Each exchange uses the oldest fault that fits it.
   *
   * @throws RangeError if `times` is neither a positive whole number nor `Infinity`.
   */
  fail(fault: Fault, options?: FailOptions): void;
  /** Stops listening and closes every connection, also those with a request in progress. Can be called more than once. */
  close(): Promise<void>;
}

const maxLogged = 10_000;

/**
 * Starts an HTTP server on 127.0.0.1 that replies what `handler` returns and fails on demand. A request body of more than 1 MiB is answered with 413.
 * Every response has a `Date` header.
 *
 * @throws the error of `listen` if the port is not available.
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
  if (request === 'unreadable') return sendReply(response, { status: 400, text: 'the request target is not a path' });
  if (request === undefined) return sendReply(response, { status: 413, text: `the body has more than ${maxRequestBody} bytes` });
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

/** The faults that are still to be used, oldest first. */
interface FaultQueue {
  add: FaultyServer['fail'];
  /** The oldest fault that fits the request; counts as used once more. */
  take(request: ReceivedRequest): Fault | undefined;
}

function createFaultQueue(): FaultQueue {
  const queued: { fault: Fault; left: number; fits: (request: ReceivedRequest) => boolean }[] = [];
  return {
    add(fault, { times = 1, when = () => true } = {}) {
      if (!(times >= 1 && (Number.isInteger(times) || times === Infinity))) {
        throw new RangeError('times: expected a positive whole number or Infinity');
      }
      queued.push({ fault, left: times, fits: when });
    },
    take(request) {
      const index = queued.findIndex(({ fits }) => fits(request));
      const next = queued[index];
      if (next === undefined) return undefined;
      next.left -= 1;
      if (next.left === 0) queued.splice(index, 1);
      return next.fault;
    },
  };
}
