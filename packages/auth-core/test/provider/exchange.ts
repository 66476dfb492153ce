import { createServer, type Socket } from 'node:net';

import { type AuthError, isAuthError } from '../../src/auth-error.ts';
import type { LoginRequest } from '../../src/provider/login-request.ts';
import type { LoginResponse } from '../../src/provider/send-login-request.ts';
import { sendLoginRequest } from '../../src/provider/send-login-request.ts';
import type { LoginContext } from '../../src/token-provider.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';

/** A password with characters that are escaped in JSON, URLs and HTML. */
export const password = 'pä"s\\s</w>&\'o+r%d';

/** The context of a login without a time limit. */
function contextOf(context: Partial<LoginContext> = {}): LoginContext {
  return { signal: new AbortController().signal, attempt: 1, now: () => Date.now(), ...context };
}

export function send(
  url: string | URL,
  context?: Partial<LoginContext>,
  login: Partial<LoginRequest> = { json: { user: 'u', password } },
): Promise<LoginResponse> {
  // The parts of one request: at most one of them is its body.
  const request = { provider: 'acme', url: new URL(url), secrets: [password], ...login } as LoginRequest;
  return sendLoginRequest(request, contextOf(context));
}

/** The AuthError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<AuthError> {
  const outcome = await promise.then(
    () => new Error('the promise should have rejected'),
    (error: unknown) => error,
  );
  if (isAuthError(outcome)) return outcome;
  throw outcome;
}

/** A TCP server that answers with any bytes; `received` is the text of a connection's first packet. */
export async function startRawServer(
  answer: (socket: Socket, received: string) => void,
): Promise<{ url: string; closed: () => Promise<void>; close: () => Promise<void> } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => answer(socket, chunk.toString()));
  });
  const listening = await listenOnLoopback(server);
  const close = (): Promise<void> => Promise.resolve(listening[Symbol.asyncDispose]());
  const closed = async (): Promise<void> => {
    await Promise.all(
      [...sockets].filter((socket) => !socket.closed).map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  };
  return { url: `${listening.origin}/login`, closed, close, [Symbol.asyncDispose]: close };
}
