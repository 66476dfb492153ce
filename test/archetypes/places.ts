import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { LookupFunction } from 'node:net';
import { onTestFinished } from 'vitest';

import { listenOnLoopback } from '../../packages/auth-core/test/helpers/loopback-server.ts';

/** A request as a server got it. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that redirects to what `?to=` names, with the status `?status=`, and answers everything else with 200. */
export interface Place {
  /** `http://127.0.0.1:49152`. */
  readonly origin: string;
  readonly port: number;
  /** What came in, whatever host name was asked for. */
  readonly arrivals: Arrival[];
}

const fixture = (name: string): string => readFileSync(new URL(`../../packages/auth-core/test/fixtures/${name}`, import.meta.url), 'utf8');

/** The certificate of the TLS servers here, which nobody trusts by default. */
export const certificate = fixture('untrusted-certificate.pem');

/** Every host name is this machine. */
export const lookup: LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** Starts a server that is closed when the running test is over. */
export async function startPlace(scheme: 'http' | 'https' = 'http'): Promise<Place> {
  const arrivals: Arrival[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '', headers } = request;
    arrivals.push({ method, path: url, headers });
    const query = new URL(url, 'http://127.0.0.1').searchParams;
    const location = query.get('to');
    request.resume().on('end', () => {
      response.writeHead(location === null ? 200 : Number(query.get('status')), location === null ? {} : { location }).end();
    });
  };
  const server: Server =
    scheme === 'http' ? createServer(answer) : createTlsServer({ key: fixture('untrusted-key.pem'), cert: certificate }, answer);
  const { port, ...listening } = await listenOnLoopback(server);
  onTestFinished(() => listening[Symbol.asyncDispose]());
  return { origin: `${scheme}://127.0.0.1:${port}`, port, arrivals };
}

/** A path that redirects to `target`. */
export function redirectingTo(target: string, status: number): string {
  return `/start?${new URLSearchParams({ to: target, status: String(status) }).toString()}`;
}
