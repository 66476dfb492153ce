/** A response whose body is a stream that can be read. */
export type ReadableResponse = Response & { readonly body: ReadableStream<Uint8Array> };

/** Whether there is a stream to be read, which what stands in for a fetch may lack, or have read already. */
export function isReadable(response: Response): response is ReadableResponse {
  const { body }: { body?: ReadableStream | null } = response;
  return typeof body?.getReader === 'function' && typeof response.clone === 'function' && !body.locked && !response.bodyUsed;
}

/** Reads a clone, so that the response itself stays as it came. Undefined = there is nothing to read. */
export function readAside(
  response: ReadableResponse,
  signal: AbortSignal | undefined,
): ReadableStreamDefaultReader<Uint8Array> | undefined {
  const reader = response.clone().body?.getReader();
  surviveAbort(response.body, signal);
  return reader;
}

/** Ends a reading that nobody needs any more. Not waited for: the cancellation of one branch ends with the other branch only. */
export function cancelQuietly(stream: { cancel(): Promise<void> }): void {
  stream.cancel().catch(() => undefined);
}

/** The body of a response that nobody wants; that of some fetches is a stream of Node's own. */
export function dropBody({ body }: { readonly body?: unknown }): void {
  if (typeof body !== 'object' || body === null) return;
  if ('cancel' in body && typeof body.cancel === 'function') Promise.resolve(body.cancel()).catch(() => undefined);
  else if ('destroy' in body && typeof body.destroy === 'function') body.destroy();
}

/**
 * The fetch of Node 20 and 22 cancels an answer's body when its signal fires, be it one of that fetch's own. That of a cloned one fails with the
 * very reason, nobody handles it, and the process ends. There is nothing left to cancel then: the abort has broken off the connection.
 */
function surviveAbort(body: ReadableStream, signal: AbortSignal | undefined): void {
  const cancel = body.cancel.bind(body);
  const value: typeof cancel = async (reason) => {
    if (signal?.aborted === true) return;
    await cancel(reason).catch((error: unknown) => {
      if (error !== reason) throw error;
    });
  };
  Object.defineProperty(body, 'cancel', { value, writable: true, configurable: true });
}
