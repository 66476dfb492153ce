import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as v from 'valibot';

import { parseOptions } from '../validation.ts';
import { type Exchange, maxRequestBody, type ReceivedRequest, receive, type Reply, sendReply } from './exchange.ts';
import { commitFault, type Fault } from './fault.ts';
import { type LoggedRequest, logRequest, type Secrets, secretsEntries } from './request-log.ts';
import { belowBasePath, functionSchema, type ServerOptions, serverOptionEntries } from './server-options.ts';

/** Replies to the requests that no fault applies to. If it throws, the response is 500 with the text of the error. */
export type Handler = (request: ReceivedRequest) => Reply | Promise<Reply>;

/** Options of {@link startFaultyServer}. */
export interface FaultyServerOptions extends Secrets, ServerOptions {
  /** Called with every request below the base path, before any fault applies. */
  readonly onRequest?: ((request: ReceivedRequest) => void) | undefined;
}

const optionsSchema = v.object({ ...serverOptionEntries, ...secretsEntries, onRequest: v.optional(functionSchema) });

/** Options of {@link FaultyServer.fail}. */
export interface FailOptions {
  /** How many exchanges fail; `Infinity` for all. Default: 1. */
  readonly times?: number;
  /** Limits the fault to requests for which this returns true. Default: any request. */
  readonly when?: (request: ReceivedRequest) => boolean;
}

/** An HTTP server on 127.0.0.1 that fails on demand. */
export interface FaultyServer extends AsyncDisposable {
  /** The base URL: `http://127.0.0.1:<port>` and the base path, without a slash at the end. */
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
 * Every response has a `Date` header. Faults and the handler see only requests below the base path, which is left out of their URLs.
 *
 * @throws AuthError `CONFIG` if an option is wrong or not known; the error of `listen` if the port is not available.
 */
export async function startFaultyServer(handler: Handler, options: FaultyServerOptions = {}): Promise<FaultyServer> {
  parseOptions(optionsSchema, options, 'startFaultyServer');
  const requests: LoggedRequest[] = [];
  const faults = createFaultQueue();
  const closing = new AbortController();
  const { port = 0, now = Date.now, basePath = '' } = options;
  const record = (received: ReceivedRequest, response: ServerResponse): ReceivedRequest | undefined => {
    const logged = logRequest(received, options);
    if (requests.push(logged) > maxLogged) requests.shift();
    response.once('close', () =>
      options.onExchange?.({ request: logged, ...(response.headersSent ? { status: response.statusCode } : {}) }),
    );
    const request = belowBasePath(received, basePath);
    if (request !== undefined) options.onRequest?.(request);
    return request;
  };
  const server = createServer();
  const origin = await listen(server, port);
  server.on('request', (incoming, response) => {
    response.setHeader('date', new Date(now()).toUTCString());
    void serve({ incoming, response, origin, handler, faults, record, closing: closing.signal });
  });
  const close = async (): Promise<void> => {
    closing.abort();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: origin + basePath,
    requests,
    fail: (fault, failOptions) => faults.add(fault, failOptions),
    close,
    [Symbol.asyncDispose]: close,
  };
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
  readonly origin: string;
  readonly handler: Handler;
  readonly faults: FaultQueue;
  /** Logs a request; returns it as the handler sees it, or undefined if it is not below the base path. */
  readonly record: (request: ReceivedRequest, response: ServerResponse) => ReceivedRequest | undefined;
  readonly closing: AbortSignal;
}

async function serve({ incoming, response, origin, handler, faults, record, closing }: Service): Promise<void> {
  const received = await receive(incoming, origin).catch(() => 'unreadable' as const);
  if (received === 'unreadable') return sendReply(response, { status: 400, text: 'the request target is not a path' });
  if (received === undefined) return sendReply(response, { status: 413, text: `the body has more than ${maxRequestBody} bytes` });
  try {
    const request = record(received, response);
    if (request === undefined)
      return await sendReply(response, { status: 404, text: 'the path is not below the base path of this server' });
    const exchange: Exchange = { request, response, closing, answer: async () => handler(request) };
    const fault = faults.take(request);
    await (fault === undefined ? sendReply(response, await exchange.answer()) : commitFault(fault, exchange));
  } catch (error) {
    if (response.headersSent || closing.aborted) response.destroy();
    else await sendReply(response, { status: 500, text: String(error) });
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
