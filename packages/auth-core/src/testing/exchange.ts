import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** A request that a test server received. It holds the secrets that were sent: a `LoggedRequest` does not. */
export interface ReceivedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The requested URL, on the server's origin; without the base path of the server, if it has one. */
  readonly url: URL;
  /** The headers, by lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** The whole body as UTF-8 text; empty if there was none. */
  readonly body: string;
}

/** A response of a test server. The body is `json`, `text` or `stream`, with the matching `Content-Type` unless `headers` names another one. */
export interface Reply {
  /** The HTTP status. */
  readonly status: number;
  /** Further headers, by lower-case name; a list is sent as several headers, as `set-cookie` needs it. */
  readonly headers?: ReplyHeaders;
  /** The body, sent as JSON. */
  readonly json?: unknown;
  /** The body, sent as it is. */
  readonly text?: string;
  /** The body in pieces, sent in chunks as JSON until the client disconnects; then the iterator's `return` is called. */
  readonly stream?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Headers of a {@link Reply}. */
export type ReplyHeaders = Readonly<Record<string, string | readonly string[]>>;

/** One request and how to respond to it. */
export interface Exchange {
  readonly request: ReceivedRequest;
  readonly response: ServerResponse;
  /** Fires when the server closes. */
  readonly closing: AbortSignal;
  /** What the server replies if no fault applies. */
  readonly answer: () => Promise<Reply>;
}

/** The largest request body that a test server accepts, in bytes: 1 MiB. */
export const maxRequestBody = 1024 * 1024;

/**
 * Reads a request. Undefined if its body exceeds {@link maxRequestBody}; the excess is read and dropped, so that the client can receive the response.
 * Rejects if the client disconnects, or if the request target is not a path.
 */
export async function receive(incoming: IncomingMessage, origin: string): Promise<ReceivedRequest | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The stream has no encoding set, so that its chunks are Buffers; its type cannot say so.
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= maxRequestBody) chunks.push(chunk);
  }
  if (size > maxRequestBody) return undefined;
  const body = Buffer.concat(chunks).toString('utf8');
  return { method: incoming.method ?? '', url: new URL(origin + (incoming.url ?? '')), headers: incoming.headers, body };
}

/** The body of a reply as bytes, and its `Content-Type`. */
export function encodeBody(reply: Reply): { bytes: Uint8Array; type: string | undefined } {
  if (reply.json !== undefined) return { bytes: Buffer.from(JSON.stringify(reply.json)), type: 'application/json; charset=utf-8' };
  if (reply.text !== undefined) return { bytes: Buffer.from(reply.text), type: 'text/plain; charset=utf-8' };
  return { bytes: Buffer.alloc(0), type: undefined };
}

/** Sends a whole reply. Resolves when the server has nothing more to do. */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.stream !== undefined) return streamReply(response, reply, reply.stream);
  const { bytes, type } = encodeBody(reply);
  if (type !== undefined) response.setHeader('content-type', type);
  response.setHeader('content-length', bytes.length);
  setHeaders(response, reply.headers);
  response.statusCode = reply.status;
  response.end(bytes);
}

async function streamReply(response: ServerResponse, { status, headers }: Reply, stream: NonNullable<Reply['stream']>): Promise<void> {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  setHeaders(response, headers);
  response.statusCode = status;
  // A client that disconnects before the end is what such a body is for, not a failure.
  await pipeline(stream, response).catch(() => {});
}

/** Sets headers one by one, so that a name in another spelling replaces ours instead of being added to it. */
export function setHeaders(response: ServerResponse, headers: ReplyHeaders = {}): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
