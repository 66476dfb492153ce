import { setTimeout as pause } from 'node:timers/promises';

import { encodeBody, type Exchange, type ReceivedRequest, type Reply, type ReplyHeaders, sendReply, setHeaders } from './exchange.ts';

/** A response with an HTTP status of your choice. */
export interface StatusFault {
  /** The HTTP status. */
  readonly status: number;
  /** The `Retry-After` header: a number of seconds, or a string that is sent as it is (an HTTP-date). */
  readonly retryAfter?: number | string;
  /** Further headers, by lower-case name. */
  readonly headers?: ReplyHeaders;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/**
 * A way in which a test server fails. With `slow` and `'cut'` the server handles the request and only the response is disturbed; with all others the
 * server's handler is not called.
 *
 * - `{ status }`: a response with this HTTP status;
 * - `{ slow }`: the normal response, determined at once and sent after this many milliseconds;
 * - `{ redirect }`: a redirect to this location, with status 302 unless `status` is given;
 * - `{ answer }`: the reply that this function returns;
 * - `'silent'`: no response;
 * - `'reset'`: the connection is reset (RST) instead of a response;
 * - `'cut'`: the connection is closed in the middle of the normal response's body;
 * - `'garbage'`: status 200 with an HTML page;
 * - `'oversize'`: status 200 with a `Content-Length` of 4 MiB;
 * - `'flood'`: status 200 with a chunked body that is sent until the client disconnects, at most 16 MiB.
 */
export type Fault =
  | StatusFault
  | { readonly slow: number }
  | { readonly redirect: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  | { readonly answer: (request: ReceivedRequest) => Reply | Promise<Reply> }
  | BareFault;

/** The faults that take no argument. */
export type BareFault = 'silent' | 'reset' | 'cut' | 'garbage' | 'oversize' | 'flood';

const mebibyte = 1024 * 1024;
const webPage = '<!doctype html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n';

const bareFaults: Readonly<Record<BareFault, (exchange: Exchange) => void | Promise<void>>> = {
  silent: () => {},
  reset: ({ response }) => void response.socket?.resetAndDestroy(),
  cut: cutShort,
  garbage: ({ response }) =>
    sendReply(response, {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      text: webPage,
    }),
  oversize: ({ response }) =>
    sendReply(response, { status: 200, headers: { 'content-length': String(4 * mebibyte) }, stream: blanks(4 * mebibyte) }),
  flood: ({ response }) => sendReply(response, { status: 200, stream: blanks(16 * mebibyte) }),
};

/** Makes an exchange fail. Resolves when the server has nothing more to do. */
export async function commitFault(fault: Fault, exchange: Exchange): Promise<void> {
  if (typeof fault === 'string') return bareFaults[fault](exchange);
  if ('slow' in fault) return answerLate(fault.slow, exchange);
  const { response, request } = exchange;
  if ('answer' in fault) return sendReply(response, await fault.answer(request));
  if ('redirect' in fault)
    return sendReply(response, {
      status: fault.status ?? 302,
      headers: { location: fault.redirect },
    });
  return sendReply(response, replyOf(fault));
}

function replyOf({ status, retryAfter, headers, body }: StatusFault): Reply {
  return {
    status,
    headers: {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...headers,
    },
    ...(typeof body === 'string' ? { text: body } : { json: body }),
  };
}

/** The reply is determined before the pause, so that a rejection can arrive after the token was renewed. */
async function answerLate(delay: number, { answer, response, closing }: Exchange): Promise<void> {
  const reply = await answer();
  await pause(delay, undefined, { signal: closing });
  return sendReply(response, reply);
}

async function cutShort({ answer, response }: Exchange): Promise<void> {
  const reply = await answer();
  const { bytes, type } = encodeBody(reply);
  if (type !== undefined) response.setHeader('content-type', type);
  setHeaders(response, reply.headers);
  // At least one byte is announced: an empty body has no middle.
  response.setHeader('content-length', Math.max(bytes.length, 1));
  response.statusCode = reply.status;
  response.flushHeaders();
  // Closed, not reset: a reset may overtake the first half, and then the client would see no response at all.
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
}

function* blanks(length: number): Generator<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < length; sent += chunk.length) yield chunk;
}
