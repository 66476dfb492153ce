/**
 * Whether a request body can be sent a second time: none, text, bytes, a Blob, a FormData or URLSearchParams. A stream, an iterator or a generator never is:
 * once used it goes out empty, without an error.
 */
export function isReplayableBody(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  return (
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    hasTag(body, 'FormData') ||
    hasTag(body, 'URLSearchParams')
  );
}

/** By the name: undici's FormData and the global one are different classes. */
function hasTag(body: unknown, tag: string): boolean {
  return typeof body === 'object' && body !== null && Symbol.toStringTag in body && body[Symbol.toStringTag] === tag;
}
