import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type Socket, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

import type { Proxy } from '../dispatcher.ts';

/** The way to a vendor. */
export interface Route {
  readonly url: URL;
  readonly proxy: Proxy | undefined;
  readonly signal: AbortSignal;
}

/** The proxy did not open a connection to the vendor. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
  /** The HTTP status that it answered. */
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered HTTP ${status}`);
    this.status = status;
  }
}

/** The proxy itself was not reached. */
export class ProxyUnreachable extends Error {
  override readonly name = 'ProxyUnreachable';
}

/**
 * Goes the way to a vendor as far as TLS, sends nothing to it, and tells of it in a line.
 *
 * @throws ProxyRefusal, ProxyUnreachable, or the error of Node.
 */
export async function reach({ url, proxy, signal }: Route): Promise<string> {
  const { host, port } = endOf(url);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const way = proxy === undefined ? `${host} → ${(await lookup(host)).address}` : `${proxy.shown} → ${host}`;
  const socket = proxy === undefined ? await openSocket(host, port, limit) : await tunnel(proxy, `${host}:${port}`, limit);
  try {
    return url.protocol === 'https:' ? `${way}, ${await shakeHands(socket, host, limit)}` : `${way}, HTTP`;
  } finally {
    socket.destroy();
  }
}

function endOf({ hostname, port, protocol }: URL): { host: string; port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

async function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

/** @returns The protocol's version. */
async function shakeHands(socket: Duplex, host: string, signal: AbortSignal): Promise<string> {
  const secure = connectTls({ socket, servername: isIP(host) === 0 ? host : '', host });
  try {
    await once(secure, 'secureConnect', { signal });
    return String(secure.getProtocol());
  } finally {
    secure.on('error', () => undefined).destroy();
  }
}

/** Asks the proxy for a connection, by CONNECT. */
async function tunnel({ url }: Proxy, target: string, signal: AbortSignal): Promise<Duplex> {
  const { host, port } = endOf(url);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send({ host, port, method: 'CONNECT', path: target, headers: { host: target, ...credentialsOf(url) }, agent: false });
  request.end();
  try {
    // What `connect` is emitted with.
    const [response, socket] = (await once(request, 'connect', { signal })) as [IncomingMessage, Duplex];
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return socket;
    socket.destroy();
    throw new ProxyRefusal(statusCode);
  } catch (error) {
    request.on('error', () => undefined).destroy();
    throw error instanceof ProxyRefusal ? error : new ProxyUnreachable('the proxy is not reached', { cause: error });
  }
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
