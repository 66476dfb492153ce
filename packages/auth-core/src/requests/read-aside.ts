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
  if (signal !== undefined) surviveAbort(response.body, signal);
  return reader;
}

/** Ends a reading that nobody needs any more. Not waited for: the cancellation of one branch ends with the other branch only. */
export function cancelQuietly(stream: { cancel(): Promise<void> }): void {
  stream.cancel().catch(() => undefined);
}

/**
 * The fetch of Node 20 and 22 cancels an answer's body when its signal fires. That of a cloned one fails, nobody handles it, and the process ends.
 * There is nothing left to cancel then: the abort has broken off the connection.
 */
function surviveAbort(body: ReadableStream, signal: AbortSignal): void {
  const cancel = body.cancel.bind(body);
  const value: typeof cancel = (reason) => (signal.aborted ? Promise.resolve() : cancel(reason));
  Object.defineProperty(body, 'cancel', { value, writable: true, configurable: true });
}
