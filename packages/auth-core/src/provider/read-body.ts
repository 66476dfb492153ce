/** The text of a body (UTF-8), or undefined once it is longer than `limit` bytes; what is left of it is not read. */
export async function readBody(body: AsyncIterable<unknown>, limit: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('the body came as something other than bytes');
    size += chunk.byteLength;
    if (size > limit) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
