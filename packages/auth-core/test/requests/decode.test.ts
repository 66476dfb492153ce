import { gzipSync } from 'node:zlib';

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
});
