import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { prefixDecoder } from '../../src/requests/decode.ts';

describe('the decoder of a Content-Encoding', () => {
  it.each([undefined, '', 'identity', ' Identity , '])('is none where nothing is encoded: %j', (encoding) => {
    expect(prefixDecoder(encoding)).toBeNull();
  });

  it.each(['compress', 'gzip, compress', 'gzip, gzip, gzip, gzip, gzip, gzip'])('is unknown for %s', (encoding) => {
    expect(prefixDecoder(encoding)).toBeUndefined();
  });

  it('takes as many codings as fetch does', () => {
    const nested = [1, 2, 3, 4, 5].reduce<Uint8Array>((bytes) => gzipSync(bytes), Buffer.from('text'));
    expect(Buffer.from(prefixDecoder('gzip, x-gzip, GZIP,gzip, identity, gzip')?.(nested) ?? []).toString()).toBe('text');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('yields the beginning of a body of which only the beginning has come: %s', (coding, encode) => {
    // What does not repeat itself is not encoded as a whole: the beginning of the bytes is that of the text.
    const text = Array.from({ length: 4_000 }, (_, at) => `${(at * 7_919) % 10_007} `).join('');
    const encoded = encode(text);
    const decoded = Buffer.from(prefixDecoder(coding)?.(encoded.subarray(0, encoded.length >> 1)) ?? []).toString();
    expect(decoded.length).toBeGreaterThan(1_000);
    expect(text.startsWith(decoded)).toBe(true);
  });
});
