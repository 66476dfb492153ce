import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { encodeBody, type Exchange, type ReceivedRequest, type Reply, sendReply, setHeaders } from './exchange.ts';

/** An answer that is refused or failed with an HTTP status. */
export interface StatusFault {
  /** The HTTP status. */
  readonly status: number;
  /** The `Retry-After` header: a number of seconds, or a text that is sent as it is (an HTTP-date). */
  readonly retryAfter?: number | string;
  /** Further headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/**
 * The ways in which a test server can fail. With `slow` and `'cut'` the request takes its effect and only the answer suffers; with all others
 * the server's own logic never sees it.
 *
 * - `{ status }`: this HTTP status;
 * - `{ slow }`: the proper answer, decided at once and sent after so many milliseconds;
 * - `{ redirect }`: a redirection to that location, 302 unless `status` says otherwise;
 * - `{ answer }`: whatever that function replies;
 * - `'silent'`: the request is taken and never answered;
 * - `'reset'`: the connection is reset (RST) instead of an answer;
 * - `'cut'`: the connection ends in the middle of the proper answer's body;
 * - `'garbage'`: a web page with status 200;
 * - `'oversize'`: status 200 with an announced body of 4 MiB;
 * - `'flood'`: status 200 with a body of unannounced length that goes on until the client leaves, 16 MiB at most.
 */
export type Fault =
  | StatusFault
  | { readonly slow: number }
  | { readonly redirect: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  | { readonly answer: (request: ReceivedRequest) => Reply | Promise<Reply> }
  | BareFault;

/** The faults that need no further word. */
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
  oversize: ({ response }) => {
    response.setHeader('content-length', 4 * mebibyte);
    return pour(response, 4 * mebibyte);
  },
  flood: ({ response }) => pour(response, 16 * mebibyte),
};

/** Makes an exchange fail. Resolves when the server has done its part. */
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
  sendReply(response, replyOf(fault));
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

/** The answer is decided before the pause: what makes refusals that arrive late is that they were true once. */
async function answerLate(delay: number, { answer, response, closing }: Exchange): Promise<void> {
  const reply = await answer();
  await pause(delay, undefined, { signal: closing });
  sendReply(response, reply);
}

async function cutShort({ answer, response }: Exchange): Promise<void> {
  const reply = await answer();
  const { bytes, type } = encodeBody(reply);
  if (type !== undefined) response.setHeader('content-type', type);
  setHeaders(response, reply.headers);
  // At least one byte is announced: there is no middle in an empty body.
  response.setHeader('content-length', Math.max(bytes.length, 1));
  response.statusCode = reply.status;
  response.flushHeaders();
  // Ended, not reset: a reset may overtake the first half, and then nothing would have been cut.
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
}

async function pour(response: ServerResponse, length: number): Promise<void> {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  // A client that leaves is what this fault is for, not a failure.
  await pipeline(blanks(length), response).catch(() => {});
}

function* blanks(length: number): Generator<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < length; sent += chunk.length) yield chunk;
}
