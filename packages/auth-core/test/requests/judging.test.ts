import zlib from 'node:zlib';

import fc from 'fast-check';
import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { envelope94, idleController, testProvider } from './helpers.ts';

const ORIGIN = 'https://vendor.example';

/** Sends one request over a stub that answers with these chunks, and collects what the caller sees. */
async function exchange(
  chunks: Uint8Array[],
  headers: Record<string, string>,
): Promise<{ refused: boolean; body: Buffer; ended: boolean }> {
  const provider = testProvider([ORIGIN], envelope94);
  provider.budget = 0;
  const dispatch: Dispatcher.Dispatch = (_options, handler) => {
    handler.onRequestStart?.(idleController, null);
    handler.onResponseStart?.(idleController, 200, headers, 'OK');
    for (const chunk of chunks) handler.onResponseData?.(idleController, Buffer.from(chunk));
    handler.onResponseEnd?.(idleController, {});
    return true;
  };
  const seen: Buffer[] = [];
  const ended = await new Promise<boolean>((resolve, reject) => {
    authInterceptor(provider)(dispatch)(
      { origin: ORIGIN, path: '/', method: 'GET' },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: (_controller, chunk) => void seen.push(chunk),
        onResponseEnd: () => resolve(true),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
  return { refused: provider.calls.length > 0, body: Buffer.concat(seen), ended };
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

const encodings: [string, (bytes: Uint8Array) => Uint8Array][] = [
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => zlib.gzipSync(bytes)],
  ['deflate', (bytes) => zlib.deflateSync(bytes)],
  ['deflate', (bytes) => zlib.deflateRawSync(bytes)],
  ['br', (bytes) => zlib.brotliCompressSync(bytes)],
  ['zstd', (bytes) => zlib.zstdCompressSync(bytes)],
  ['gzip, br', (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes))],
];

const refusal = { header: { result_code: '94', result_msg: '認証キーが正しくありません。 인증키가 올바르지 않습니다.' } };

describe.each(encodings)('a %s body', (encoding, encode) => {
  const headers = { 'content-type': 'application/json;charset=UTF-8', 'content-encoding': encoding };

  test('is recognised as a refusal in single bytes, and handed on unchanged', async () => {
    const bytes = encode(Buffer.from(JSON.stringify(refusal)));
    const seen = await exchange(
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      headers,
    );
    expect([seen.refused, seen.body.equals(bytes)]).toEqual([true, true]);
  });

  test('gives the same verdict in any split as in one piece, and always arrives unchanged', async () => {
    const code = fc.constantFrom('94', '00', 94, null);
    const noise = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.constant('"result_code":"94"'),
      fc.constant({ header: refusal }),
    );
    const header = fc
      .tuple(fc.dictionary(fc.string(), noise, { maxKeys: 3 }), code)
      .map(([rest, result_code]) => ({ ...rest, result_code }));
    const document = fc.tuple(noise, fc.oneof(header, noise), fc.integer({ min: 0, max: 20_000 }), fc.boolean());
    const property = fc.asyncProperty(document, fc.array(fc.nat(), { maxLength: 40 }), async ([before, head, padding, first], cuts) => {
      const pad = 'x'.repeat(padding);
      const bytes = encode(Buffer.from(JSON.stringify(first ? { header: head, before, pad } : { before, pad, header: head })));
      const whole = await exchange([bytes], { ...headers, 'content-length': String(bytes.length) });
      const inPieces = await exchange(split(bytes, cuts), headers);
      expect([inPieces.refused, inPieces.ended]).toEqual([whole.refused, true]);
      expect(inPieces.body.equals(bytes)).toBe(true);
      expect(whole.body.equals(bytes)).toBe(true);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('that is damaged, or a bomb, is handed on unchanged', async () => {
    const damaged = Buffer.from(encode(Buffer.from(JSON.stringify({ pad: 'x'.repeat(1000), ...refusal }))));
    damaged.fill(0xff, damaged.length >> 1);
    const bomb = encode(Buffer.alloc(32 * 1024 * 1024, ' '));
    for (const bytes of [damaged, bomb]) {
      const seen = await exchange([bytes], headers);
      expect(seen.body.equals(bytes)).toBe(true);
    }
  });
});

test.each([
  ['a refusal by its content type', 'application/problem+json', refusal, true],
  ['no refusal in what is no JSON', 'text/plain', refusal, false],
  ['the digits in a field’s text', 'application/json', { header: { result_msg: '"result_code":"94"', result_code: '00' } }, false],
  [
    'the digits in a nested object',
    'application/json',
    { header: { x: { result_code: '94' } }, body: { header: { result_code: '94' } } },
    false,
  ],
  ['the digits in the body', 'application/json', { body: { result_code: '94' }, header: { result_code: '00' } }, false],
  ['a refusal behind 17 KiB', 'application/json', { body: 'x'.repeat(17 * 1024), ...refusal }, false],
])('sees %s', async (_what, type, document, refused) => {
  const seen = await exchange([Buffer.from(JSON.stringify(document))], { 'content-type': type });
  expect(seen.refused).toBe(refused);
});

test('leaves alone what is encoded in an unknown way', async () => {
  const seen = await exchange([Buffer.from(JSON.stringify(refusal))], {
    'content-type': 'application/json',
    'content-encoding': 'compress',
  });
  expect(seen.refused).toBe(false);
});
