import { readFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

import { listenOnLoopback } from '../../packages/auth-core/test/helpers/loopback-server.ts';

/** A company's proxy: reached over TLS, and itself the end of every connection, with certificates of its own authority. */
export interface InterceptingProxy extends AsyncDisposable {
  readonly url: string;
  /** The file that holds the certificate of its authority. */
  readonly authorityFile: string;
  /** What it was asked to connect to, and what was then asked for, oldest first. */
  readonly seen: readonly string[];
}

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const identity = { key: readFileSync(fixture('proxy-key.pem')), cert: readFileSync(fixture('proxy-certificate.pem')) };

/** Starts a proxy that answers for one host, in whose place it asks `target`. It connects to nothing else. */
export async function startInterceptingProxy(host: string, target: string): Promise<InterceptingProxy> {
  const seen: string[] = [];
  const inside = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    passOn(incoming, response, target);
  });
  const unwrap = createTlsServer(identity, (incoming, response) => inside.emit('request', incoming, response));
  const front = createTlsServer(identity);
  front.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex) => {
    seen.push(`CONNECT ${url}`);
    socket.on('error', () => socket.destroy());
    const isKnown = url === `${host}:443`;
    socket.write(isKnown ? 'HTTP/1.1 200 Connection Established\r\n\r\n' : 'HTTP/1.1 403 Forbidden\r\n\r\n');
    if (isKnown) unwrap.emit('connection', socket);
    else socket.end();
  });
  const listening = await listenOnLoopback(front);
  return {
    url: `https://localhost:${listening.port}`,
    authorityFile: fixture('certificate-authority.pem'),
    seen,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

function passOn(incoming: IncomingMessage, response: ServerResponse, target: string): void {
  const { method, headers, url } = incoming;
  const onward = forward(new URL(url ?? '/', target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}
