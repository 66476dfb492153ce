/** UTF-8, without a byte order mark, and never with half a character at the end of what is only a beginning. */
export function decodeText(bytes: Buffer, limit: number, complete: boolean): string {
  const text = bytes.toString('utf8', 0, complete ? bytes.length : wholeCharacters(bytes, Math.min(bytes.length, limit)));
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function wholeCharacters(bytes: Buffer, end: number): number {
  for (let back = 1; back <= Math.min(4, end); back++) {
    const byte = bytes[end - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? end - back : end;
  }
  return end;
}
