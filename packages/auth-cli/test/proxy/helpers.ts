import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';

import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import type { Dispatcher } from 'undici';

import { parseAllowRule } from '../../src/proxy/allow.ts';
import { newKey } from '../../src/proxy/key.ts';
import type { ProxyLogEntry } from '../../src/proxy/log-entry.ts';
import { type Proxy, startProxy } from '../../src/proxy/start-proxy.ts';

/** A server on loopback that does what a test says. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
  /** What came in. */
  readonly requests: IncomingMessage[];
}

export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer({ keepAlive: true }, (request, response) => {
    requests.push(request);
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An IP server that listens has an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url, server, requests, [Symbol.asyncDispose]: close };
}

export interface TestVendor {
  readonly provider: TokenProvider;
  /** The tokens that its logins brought, the current one last. */
  readonly tokens: string[];
}

/** A vendor whose logins need no server: each brings `vendor/token+(<n>)…`, and a 401 rejects it. */
export function testVendor(
  baseUrl: string,
  options: TokenProviderOptions & { readonly cookie?: boolean; readonly beforeLogin?: () => Promise<void> } = {},
): TestVendor {
  const { cookie = false, beforeLogin, ...others } = options;
  const tokens: string[] = [];
  const login = async (): Promise<{ value: string }> => {
    await beforeLogin?.();
    const value = `vendor/token+(${tokens.length + 1})-0123456789abcdef`;
    tokens.push(value);
    return { value };
  };
  const protocol = { name: 'acme', baseUrl, identity: 'user', login, isRejection: ({ status }: { status: number }) => status === 401 };
  const inCookie = { requestHeaders: ({ value }: { value: string }) => ({ cookie: `session=${value}` }) };
  return { provider: createTokenProvider({ ...protocol, ...(cookie ? inCookie : {}) }, others), tokens };
}

export interface TestProxy extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  readonly key: string;
  /** The header that a caller shows the key with. */
  readonly authorization: { readonly authorization: string };
  readonly log: ProxyLogEntry[];
  readonly proxy: Proxy;
}

export interface ProxySettings {
  readonly allow?: readonly string[];
  readonly dispatcher?: Dispatcher;
}

export async function proxyOf(provider: TokenProvider, { allow = [], dispatcher }: ProxySettings = {}): Promise<TestProxy> {
  const key = newKey();
  const log: ProxyLogEntry[] = [];
  const rules = allow.map(parseAllowRule).filter((rule) => rule !== undefined);
  if (rules.length < allow.length) throw new Error('a rule of this test is none');
  const proxy = await startProxy({ provider, port: 0, key, allow: rules, log: (entry) => log.push(entry), dispatcher });
  const { host, port } = new URL(proxy.url);
  const authorization = { authorization: `Bearer ${key}` };
  return {
    url: proxy.url,
    host,
    port: Number(port),
    key,
    authorization,
    log,
    proxy,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** Sends bytes as they are, and returns what comes until the connection ends. The request has to ask for that. */
export async function sendRaw(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.write([...lines, '', ''].join('\r\n'), 'latin1');
  return text(socket);
}

/** The proxy's own answer in what came back. */
export function refusalIn(answer: string): { status: number; code: string } {
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  const code = /\r\n\r\n\{"error":\{"code":"(\w+)","message":"[^"]/.exec(answer)?.[1] ?? answer;
  return { status, code };
}

export function answerJson(response: ServerResponse, value: unknown, headers: Record<string, string | string[]> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
