import type { IncomingMessage } from 'node:http';

import type { TokenProvider } from '@x/auth-core';
import type { Dispatcher } from 'undici';

import { type Body, hasBody, readBody } from './body.ts';
import { type Exchange, type Route, tokenHeaderNames } from './exchange.ts';
import { failureOf } from './failure.ts';
import { passOn } from './headers.ts';
import { sendRefusal } from './refusal.ts';
import { relayAnswer } from './relay-answer.ts';

/** Sends a request to the vendor, below its base URL, and hands the answer on. */
export async function forward(exchange: Exchange, route: Route): Promise<void> {
  const { request, response } = exchange;
  const fail = (error: unknown): void => failExchange(exchange, error);
  // Unread, the rest of a body would keep the next request on this connection waiting.
  response.once('finish', () => request.resume());
  try {
    const body = hasBody(request) ? await readBody(request) : null;
    // What carries the token is known once there is one.
    if (route.provider.peekToken() === undefined) await route.provider.getToken();
    route.mask.learn();
    route.dispatcher.dispatch(vendorRequest(request, body, route), relayAnswer(exchange, route, fail));
  } catch (error) {
    fail(error);
  }
}

function failExchange({ response, failed }: Exchange, error: unknown): void {
  if (response.destroyed) return;
  const failure = failureOf(error);
  failed(failure.code);
  // What is cut off must not look complete.
  if (response.headersSent) response.destroy();
  else sendRefusal(response, failure);
}

function vendorRequest(request: IncomingMessage, body: Body, { provider }: Route): Dispatcher.DispatchOptions {
  const { url = '' } = request;
  const { origin, pathname } = new URL(provider.baseUrl);
  return {
    origin,
    path: pathname.replace(/\/$/, '') + url,
    // Any other method is a text to undici, too, and passed on as it is.
    method: request.method as Dispatcher.HttpMethod,
    headers: vendorHeaders(request, body, provider),
    body,
    // How long somebody waits is the caller's to decide: when it leaves, the exchange is broken off.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/**
 * The caller's headers without what is between it and us, its key above all, and without any that would stand in the token's place. An answer that is not
 * encoded can be looked through for the token.
 */
function vendorHeaders({ rawHeaders, headers }: IncomingMessage, body: Body, provider: TokenProvider): string[] {
  const ofToken = tokenHeaderNames(provider).filter((name) => name !== 'cookie');
  const kept = passOn(rawHeaders, ['host', 'authorization', 'content-length', 'accept-encoding', 'via', ...ofToken]);
  const via = headers.via === undefined ? '1.1 vendor-auth' : `${headers.via}, 1.1 vendor-auth`;
  const length = headers['content-length'];
  const isStream = body !== null && !Buffer.isBuffer(body);
  return [...kept, 'accept-encoding', 'identity', 'via', via, ...(isStream && length !== undefined ? ['content-length', length] : [])];
}
