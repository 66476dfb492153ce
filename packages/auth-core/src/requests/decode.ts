import zlib from 'node:zlib';

/** How much of a body's text is looked at, in bytes. */
export const TEXT_LIMIT: number = 16 * 1024;
/** How many bytes off the wire are looked at for it: a zstd decoder yields nothing before a whole block of up to 128 KiB. */
export const WIRE_LIMIT: number = 144 * 1024;
/** What one decoding may yield; small inputs can be made to grow a thousandfold. */
const OUTPUT_LIMIT = 1024 * 1024;
/** As many as undici's fetch accepts. */
const MAX_CODINGS = 5;

/** Decodes the beginning of a body as far as it goes. */
export type PrefixDecoder = (bytes: Uint8Array) => Uint8Array;

/**
 * The decoder for a `Content-Encoding` (RFC 9110, section 8.4): gzip, deflate (with the zlib wrapper or raw), br, zstd where this Node
 * has it, or several of them. Null = the body is not encoded; undefined = it is, in a way that is not known here.
 */
export function prefixDecoder(contentEncoding: string | undefined): PrefixDecoder | null | undefined {
  if (contentEncoding === undefined) return null;
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return null;
  const decoders = codings.length > MAX_CODINGS ? [] : codings.toReversed().map(decoderOf);
  if (decoders.length === 0 || !decoders.every((decode) => decode !== undefined)) return undefined;
  const last = decoders.length - 1;
  // One byte more than is looked at tells that there is more.
  return (bytes) =>
    decoders.reduce((encoded, decode, at) => decodePrefix(encoded, decode, at === last ? TEXT_LIMIT + 1 : WIRE_LIMIT), bytes);
}

function decoderOf(coding: string): PrefixDecoder | undefined {
  const limit = { maxOutputLength: OUTPUT_LIMIT };
  const flush = { ...limit, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return (bytes) => zlib.gunzipSync(bytes, flush);
    case 'deflate':
      // The low four bits of a zlib wrapper name the method, which is 8; servers also send the bare stream.
      return (bytes) => (((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.inflateSync(bytes, flush) : zlib.inflateRawSync(bytes, flush));
    case 'br':
      return (bytes) => zlib.brotliDecompressSync(bytes, { ...limit, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zstdDecoder(limit);
    default:
      return undefined;
  }
}

/** zstd's own numbers, since Node 20 has no names for them: flush what there is, and no window beyond the 8 MiB of RFC 9659. */
const ZSTD_OPTIONS = { finishFlush: 1, params: { 100: 23 } };

function zstdDecoder(limit: { maxOutputLength: number }): PrefixDecoder | undefined {
  const { zstdDecompressSync }: { gunzipSync: unknown; zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array } = zlib;
  return zstdDecompressSync && ((bytes) => zstdDecompressSync(bytes, { ...ZSTD_OPTIONS, ...limit }));
}

/**
 * The synchronous decoders yield all or nothing: where the whole input is damaged further in, or holds too much, the longest
 * beginning that they accept is searched for. Inputs double until there is enough text, so that a large body is not decoded in vain.
 */
function decodePrefix(bytes: Uint8Array, decode: PrefixDecoder, enough: number): Uint8Array {
  let text: Uint8Array = new Uint8Array(0);
  let accepted = 0;
  for (let length = Math.min(TEXT_LIMIT, bytes.length); ; length = Math.min(2 * length, bytes.length)) {
    const decoded = attempt(bytes.subarray(0, length), decode);
    if (decoded === undefined) return searchLongest(bytes, decode, { accepted, refused: length, text });
    if (decoded.length >= enough || length === bytes.length) return decoded;
    text = decoded;
    accepted = length;
  }
}

function searchLongest(
  bytes: Uint8Array,
  decode: PrefixDecoder,
  from: { accepted: number; refused: number; text: Uint8Array },
): Uint8Array {
  let { accepted, refused, text } = from;
  while (refused - accepted > 1) {
    const middle = (accepted + refused) >> 1;
    const decoded = attempt(bytes.subarray(0, middle), decode);
    if (decoded === undefined) refused = middle;
    else {
      accepted = middle;
      text = decoded;
    }
  }
  return text;
}

function attempt(bytes: Uint8Array, decode: PrefixDecoder): Uint8Array | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-8, without a byte order mark, and never with half a character at the end of what is only a beginning. */
export function decodeText(bytes: Uint8Array, limit: number, complete: boolean): string {
  return complete ? new TextDecoder().decode(bytes) : new TextDecoder().decode(bytes.subarray(0, limit), { stream: true });
}
