import type { ReadableStreamReadResult } from 'node:stream/web';

/** The readers of a response; `bytes` is not there on every Node. */
const READERS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'];

/** A body of which the beginning was read: all of it, or there is a reader for the rest. */
export interface PeekedBody {
  readonly chunks: Uint8Array[];
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly ended: boolean;
  /** A read that was begun and not waited for. */
  readonly pending: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
}

/**
 * Makes a response whose body was peeked at readable from its beginning again. It stays the same object, with its `url`, `redirected`, `type` and
 * unchangeable headers, which no new Response can have; what reads its body now reads a stand-in.
 */
export function restoreBody(response: Response, peeked: PeekedBody): Response {
  const type = response.headers.get('content-type');
  // Of the response's own class, so that formData() and blob() give what its fetch would have given.
  const body = peeked.ended ? Buffer.concat(peeked.chunks) : restOf(peeked);
  return readFrom(response, create(response, body, type === null ? {} : { headers: { 'content-type': type } }));
}

function create(like: Response, body: Uint8Array | ReadableStream | null, init: ResponseInit): Response {
  const Class: unknown = like.constructor;
  return Reflect.construct(typeof Class === 'function' ? Class : Response, [body, init]);
}

function readFrom(response: Response, standIn: Response): Response {
  const getters = { body: { get: () => standIn.body }, bodyUsed: { get: () => standIn.bodyUsed } };
  Object.defineProperties(response, { ...getters, clone: { value: () => copyOf(response, standIn.clone()) } });
  for (const name of READERS) {
    const read: unknown = Reflect.get(standIn, name);
    if (typeof read === 'function') Object.defineProperty(response, name, { value: () => Reflect.apply(read, standIn, []) });
  }
  return response;
}

function copyOf(response: Response, standIn: Response): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  const copy = create(response, null, { status, statusText, headers });
  Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected }, type: { value: type } });
  return readFrom(copy, standIn);
}

/** What was read, and then the rest as it is asked for; a byte stream, as the bodies of fetch are. */
function restOf({ chunks, reader, pending: begun }: PeekedBody): ReadableStream<Uint8Array> {
  let at = 0;
  let pending = begun;
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const chunk = chunks[at++];
      if (chunk !== undefined) return controller.enqueue(chunk);
      let part = await (pending ?? reader.read());
      pending = undefined;
      // A byte stream takes no empty chunk, and would wait for ever if it got none.
      while (part.value?.length === 0) part = await reader.read();
      if (!part.done) return controller.enqueue(part.value);
      controller.close();
      controller.byobRequest?.respond(0);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
