import { authInterceptor, createAuthFetch, type TokenProvider } from '@x/auth-core';
import * as undici8 from 'undici';
import * as undici7 from 'undici7';

/** A request of an application. */
export interface Call {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Sends a request with a provider's token; what came back, read to its end. */
export type Client = (call: Call) => Promise<{ status: number; text: string }>;

/** A server that never answers is given up on, also by callers without a signal. */
const limits = { headersTimeout: 2_000, bodyTimeout: 2_000 };

/** Both clients, one of them on both versions of undici. */
export function createClients(provider: TokenProvider): Client[] {
  return [
    byInterceptor(undici8, provider),
    // Both have the same surface as far as it is used here.
    byInterceptor(undici7 as unknown as typeof undici8, provider),
    byFetch(provider),
  ];
}

function byInterceptor({ Agent, request }: typeof undici8, provider: TokenProvider): Client {
  const dispatcher = new Agent(limits).compose(authInterceptor(provider));
  return async ({ id, method, path, body = null, signal = null }) => {
    const headers = { 'x-request-id': id, 'content-type': 'application/json' };
    const response = await request(provider.baseUrl + path, { dispatcher, method, headers, body, signal });
    return { status: response.statusCode, text: await response.body.text() };
  };
}

function byFetch(provider: TokenProvider): Client {
  const send = createAuthFetch(provider);
  return async ({ id, method, path, body = null, signal }) => {
    // fetch has no limits of its own that are short enough.
    const limit = signal ?? AbortSignal.timeout(limits.headersTimeout);
    const headers = { 'x-request-id': id, 'content-type': 'application/json' };
    const response = await send(path, { method, headers, body, signal: limit });
    return { status: response.status, text: await response.text() };
  };
}
