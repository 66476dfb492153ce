import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A request as a test server sees it. Holds whatever secrets came with it: log {@link LoggedRequest}s instead. */
export interface ReceivedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** Where to, on the server's own origin. */
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** The whole body as UTF-8 text; empty where there was none. */
  readonly body: string;
}

/** What a test server answers: `json` or `text` is its body, with the matching `Content-Type` unless `headers` names another. */
export interface Reply {
  /** The HTTP status. */
  readonly status: number;
  /** Further headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, sent as JSON. */
  readonly json?: unknown;
  /** The body, sent as it is. */
  readonly text?: string;
}

/** One request and the way to answer it. */
export interface Exchange {
  readonly request: ReceivedRequest;
  readonly response: ServerResponse;
  /** Fires when the server closes. */
  readonly closing: AbortSignal;
  /** What the server answers where no fault stands in between. */
  readonly answer: () => Promise<Reply>;
}

/** The most that a test server reads of one request's body, in bytes: 1 MiB. */
export const maxRequestBody: number = 1024 * 1024;

/**
 * Reads a request. Undefined = its body exceeds {@link maxRequestBody}; the excess is read, so that the client gets to see the answer, but not
 * kept. Rejects if the client goes away, or if the request's target is no path.
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
  return {
    method: incoming.method ?? '',
    url: new URL(origin + (incoming.url ?? '')),
    headers: incoming.headers,
    body,
  };
}

/** The body of a reply as bytes, and what kind of text it is. */
export function encodeBody(reply: Reply): { bytes: Uint8Array; type: string | undefined } {
  if (reply.json !== undefined)
    return {
      bytes: Buffer.from(JSON.stringify(reply.json)),
      type: 'application/json; charset=utf-8',
    };
  if (reply.text !== undefined) return { bytes: Buffer.from(reply.text), type: 'text/plain; charset=utf-8' };
  return { bytes: Buffer.alloc(0), type: undefined };
}

/** Sends a reply, whole. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const { bytes, type } = encodeBody(reply);
  if (type !== undefined) response.setHeader('content-type', type);
  response.setHeader('content-length', bytes.length);
  setHeaders(response, reply.headers);
  response.statusCode = reply.status;
  response.end(bytes);
}

/** Sets headers one by one, so that a caller's spelling of a name replaces ours instead of standing beside it. */
export function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
