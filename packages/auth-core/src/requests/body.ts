import type { RequestOptions } from './request.ts';

/** What `fetch` takes as a body. */
type FetchBody = NonNullable<RequestInit['body']>;

/**
 * Whether a request body can be sent a second time: none, text, bytes, a Blob, a FormData or URLSearchParams. A stream, an iterator or a generator never is:
 * once used it goes out empty, without an error.
 */
export function isReplayableBody(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) || isBlob(body) || isFormData(body) || hasTag(body, 'URLSearchParams');
}

/** The body as it is now: its caller may go on to change bytes, parameters or a form. What cannot be sent again is left alone. */
export function snapshotBody(body: FetchBody): FetchBody {
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  // A class of its own may spell them its own way.
  if (body instanceof URLSearchParams) return body.toString === URLSearchParams.prototype.toString ? new URLSearchParams(body) : body;
  return isFormData(body) ? copyForm(body) : body;
}

/** Of the same class, as undici's fetch knows its own FormData only. */
function copyForm(form: FormData): FormData {
  const Kind: unknown = form instanceof FormData ? FormData : Reflect.get(form, 'constructor');
  const copy: FormData = Reflect.construct(typeof Kind === 'function' ? Kind : FormData, []);
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}

/** That of the package `fetch-blob`, which node-fetch goes by, is another class. */
function isBlob(body: unknown): boolean {
  return body instanceof Blob || hasTag(body, 'Blob') || hasTag(body, 'File');
}

/** Not that of the package `form-data`, which is a stream by the same name. */
function isFormData(body: unknown): body is FormData {
  return hasTag(body, 'FormData') && typeof body === 'object' && body !== null && !('pipe' in body);
}

/** By the name: undici's FormData and the global one are different classes. */
function hasTag(body: unknown, tag: string): boolean {
  return typeof body === 'object' && body !== null && Symbol.toStringTag in body && body[Symbol.toStringTag] === tag;
}

interface NodeStream {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Listens to a body for as long as its request waits to be sent: undici does so only from then on, and a stream that fails while nobody
 * listens ends the process. Returns how to stop.
 */
export function watchBody(body: RequestOptions['body'], failed: (error: Error) => void): () => void {
  if (!isNodeStream(body)) return () => undefined;
  body.on('error', failed);
  return () => void body.off('error', failed);
}

/** By its shape, as undici judges it. */
function isNodeStream(body: unknown): body is NodeStream {
  return (
    typeof body === 'object' &&
    body !== null &&
    'pipe' in body &&
    'on' in body &&
    typeof body.on === 'function' &&
    'off' in body &&
    typeof body.off === 'function'
  );
}
