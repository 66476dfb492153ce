import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import type { Dispatcher } from 'undici';
import { onTestFinished } from 'vitest';

import {
  type AccessToken,
  AuthError,
  formatAuthorization,
  type GetTokenOptions,
  type ResponseProbe,
  type TokenProvider,
} from '../../src/index.ts';
import { createAccessToken } from '../../src/access-token.ts';
import { readJsonPrefix } from '../../src/provider/index.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';

import { type ProviderInternals, tokenHeaderNames } from '../../src/provider-internals.ts';

export { insideLogin } from '../../src/provider-internals.ts';

export interface Received {
  method: string;
  url: string;
  authorization: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface TestServer {
  origin: string;
  server: Server;
  received: Received[];
  /** How many connections were made. */
  connections(): number;
}

type Answer = (request: Received, response: ServerResponse) => void | Promise<void>;

export async function startServer(answer: Answer): Promise<TestServer> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const entry = { method, url, headers, authorization: headers.authorization, body: Buffer.concat(chunks).toString() };
      received.push(entry);
      void answer(entry, response);
    });
  });
  server.on('connection', () => connections++);
  const listening = await listenOnLoopback(server);
  onTestFinished(() => listening[Symbol.asyncDispose]());
  return { origin: listening.origin, server, received, connections: () => connections };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

/** The way eSignon refuses. */
export function envelope94(probe: ResponseProbe): boolean | 'need-body' {
  if (probe.status === 401) return true;
  if (probe.body === undefined) return 'need-body';
  const code = readJsonPrefix(probe.body, ['header', 'result_code'], probe.complete ?? false);
  return code === 'need-more' ? 'need-body' : code !== 'absent' && code.found === '94';
}

/** Refusals by HTTP status alone. */
export function status401(probe: ResponseProbe): boolean {
  return probe.status === 401;
}

export interface TestProvider extends TokenProvider {
  logins: number;
  current: AccessToken | undefined;
  calls: GetTokenOptions[];
  /** What a login does; by default it succeeds at once. */
  login: () => Promise<void>;
  /** Logins that refused tokens may cause. */
  budget: number;
  isRejection: TokenProvider['isRejection'];
}

/** A provider with one login for all, as the real one has; tokens are `t1`, `t2`, …. */
export function testProvider(origins: readonly string[], isRejection = envelope94, warm = true): TestProvider {
  let flight: Promise<AccessToken> | undefined;
  const logIn = async (): Promise<AccessToken> => {
    provider.logins++;
    try {
      await provider.login();
      return (provider.current = createAccessToken({ value: `t${provider.logins + 1}`, scheme: 'esignon', issuedAt: 0 }));
    } finally {
      flight = undefined;
    }
  };
  const provider: TestProvider & ProviderInternals = {
    name: 'test',
    baseUrl: origins[0] ?? '',
    origins,
    logins: 0,
    current: warm ? createAccessToken({ value: 't1', scheme: 'esignon', issuedAt: 0 }) : undefined,
    calls: [],
    budget: 5,
    login: async () => undefined,
    peekToken: () => provider.current,
    isRejection,
    requestHeaders: (token) => ({ authorization: formatAuthorization(token) }),
    [tokenHeaderNames]: () => ['authorization'],
    status: async () => ({}),
    forget: async () => undefined,
    async getToken(options = {}) {
      provider.calls.push(options);
      if (options.rejected !== undefined && options.rejected.value === provider.current?.value) {
        if (provider.budget-- <= 0) return provider.current;
        provider.current = undefined;
      }
      if (provider.current !== undefined) return provider.current;
      flight ??= logIn();
      return await abortable(flight, options.signal);
    },
  };
  return provider;
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AuthError({ code: 'ABORTED', provider: 'test', message: 'aborted', cause: signal.reason }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Answers as eSignon does: only this token is good. */
export function vendor(good: () => string, refusal: 200 | 401 = 200) {
  return ({ authorization, body }: Received, response: ServerResponse): void => {
    const ok = authorization === `esignon ${good()}`;
    const code = ok ? '00' : '94';
    json(response, ok ? 200 : refusal, { header: { result_code: code }, body: { echo: body } });
  };
}

/** What a stub of a dispatcher gives its handlers: it does nothing. */
export const idleController: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

export const GOOD = { header: { result_code: '00' } };
