import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { authInterceptor, type TokenProvider } from '@x/auth-core';
import { type Dispatcher, getGlobalDispatcher } from 'undici';

import type { AllowRule } from './allow.ts';
import { refuseBrokenRequests } from './broken-requests.ts';
import { checkCaller, type Gate } from './check-caller.ts';
import { endingOf } from './ending.ts';
import type { Route } from './exchange.ts';
import { forward } from './forward.ts';
import { keyCheck } from './key.ts';
import type { ProxyLogEntry } from './log-entry.ts';
import { sendRefusal } from './refusal.ts';
import { pathOf } from './target.ts';
import { createTokenMask } from './token-mask.ts';

/** Options of {@link startProxy}. */
export interface ProxyOptions {
  readonly provider: TokenProvider;
  /** The port on 127.0.0.1; 0 = any free one. */
  readonly port: number;
  /** What callers have to show. */
  readonly key: string;
  /** What may pass; empty = everything. */
  readonly allow: readonly AllowRule[];
  readonly log: (entry: ProxyLogEntry) => void;
  /** Default: the global one. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** A running proxy. */
export interface Proxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: it stands for the provider's base URL. */
  readonly url: string;
  /** Stops listening, and ends with the last request that it has. Can be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1 that forwards requests to the vendor, below `provider.baseUrl`, with the provider's token. Callers show the key as
 * `Authorization: Bearer <key>`. Rejects with the error of `listen` if the port is not available.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { provider, port, dispatcher = getGlobalDispatcher() } = options;
  // Callers know nothing of tokens: where a rejected request cannot be repeated, they are told so, in place of the vendor's rejection.
  const withToken = dispatcher.compose(authInterceptor(provider, { onUnreplayable: 'error' }));
  const route: Route = { provider, dispatcher: withToken, mask: createTokenMask(provider) };
  // An upload may take as long as it takes. Callers that keep connections find them open for a minute. One that names no host gets our answer, not Node's.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000, insecureHTTPParser: false, requireHostHeader: false });
  const listening = await listen(server, port);
  const gate: Gate = { hosts: ownNames(listening), isKey: keyCheck(options.key), allow: options.allow };
  const ending = endingOf(server);
  const serve = (request: IncomingMessage, response: ServerResponse): void => serveOne(request, response, { gate, route, options });
  server.on('request', serve).on('checkContinue', serve).on('checkExpectation', serve);
  refuseBrokenRequests(server, options.log);
  return { url: `http://127.0.0.1:${listening}`, close: ending.inOrder, [Symbol.asyncDispose]: ending.atOnce };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A connection that cannot be accepted, for want of files, is that caller's trouble and no reason to end.
  server.on('error', () => undefined);
  // An IP server that listens has an AddressInfo; the other shapes are those of pipes and of closed servers.
  return (server.address() as AddressInfo).port;
}

/** The names by which a proxy at a port is called. */
export function ownNames(port: number): Set<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  // The port that goes without saying is left out by clients.
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

interface Service {
  readonly gate: Gate;
  readonly route: Route;
  readonly options: ProxyOptions;
}

function serveOne(request: IncomingMessage, response: ServerResponse, { gate, route, options }: Service): void {
  let code: string | undefined;
  reportTo(options, request, response, () => code);
  const refusal = checkCaller(request, gate);
  // A client that waited to be told to send its body may send it, or not: what comes next could be either.
  const waits = request.headers.expect !== undefined;
  if (refusal !== undefined) {
    ({ code } = refusal);
    return sendRefusal(response, waits ? { ...refusal, headers: { ...refusal.headers, connection: 'close' } } : refusal);
  }
  if (waits) response.writeContinue();
  void forward({ request, response, failed: (reason) => void (code = reason) }, route);
}

/** Logs a request when its answer is over. */
function reportTo({ log }: ProxyOptions, request: IncomingMessage, response: ServerResponse, code: () => string | undefined): void {
  const start = performance.now();
  const { method = '', url = '' } = request;
  response.once('close', () => {
    const reason = code() ?? (response.writableFinished ? undefined : 'CALLER_GONE');
    const status = response.headersSent ? { status: response.statusCode } : {};
    log({ method, path: pathOf(url), duration: performance.now() - start, ...status, ...(reason === undefined ? {} : { code: reason }) });
  });
}
