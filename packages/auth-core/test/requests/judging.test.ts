import zlib from 'node:zlib';

import fc from 'fast-check';
import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';

import { authInterceptor } from '../../src/index.ts';
import { times } from '../helpers/times.ts';
import { envelope94, idleController, testProvider } from './helpers.ts';

const ORIGIN = 'https://vendor.example';

/** Sends one request over a stub that answers with these chunks, and collects what the caller sees. */
async function exchange(
  chunks: Uint8Array[],
  headers: Record<string, string>,
): Promise<{ rejected: boolean; body: Buffer; ended: boolean }> {
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
  return { rejected: provider.calls.length > 0, body: Buffer.concat(seen), ended };
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

/** Its highest quality, the default, takes seconds for what a bomb holds. */
const brotli = (bytes: Uint8Array): Uint8Array => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } });

const encodings: { name: string; encoding: string; encode: (bytes: Uint8Array) => Uint8Array }[] = [
  { name: 'identity', encoding: 'identity', encode: (bytes) => bytes },
  { name: 'gzip', encoding: 'gzip', encode: (bytes) => zlib.gzipSync(bytes) },
  { name: 'deflate', encoding: 'deflate', encode: (bytes) => zlib.deflateSync(bytes) },
  { name: 'raw deflate', encoding: 'deflate', encode: (bytes) => zlib.deflateRawSync(bytes) },
  { name: 'br', encoding: 'br', encode: brotli },
  { name: 'zstd', encoding: 'zstd', encode: (bytes) => zlib.zstdCompressSync(bytes) },
  { name: 'gzip, then br', encoding: 'gzip, br', encode: (bytes) => brotli(zlib.gzipSync(bytes)) },
];

const rejection = { header: { result_code: '94', result_msg: '認証キーが正しくありません。 인증키가 올바르지 않습니다.' } };

describe.each(encodings)('with $name', ({ name, encoding, encode }) => {
  const headers = { 'content-type': 'application/json;charset=UTF-8', 'content-encoding': encoding };

  test(`a rejection in ${name} is recognised in single bytes, and handed on unchanged`, async () => {
    const bytes = encode(Buffer.from(JSON.stringify(rejection)));
    const seen = await exchange(
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      headers,
    );
    expect([seen.rejected, seen.body.equals(bytes)]).toEqual([true, true]);
  });

  test(
    `an answer in ${name} gets the same verdict in any split as in one piece, and always arrives unchanged`,
    { timeout: 60_000 },
    async () => {
      const code = fc.constantFrom('94', '00', 94, null);
      const noise = fc.oneof(
        fc.jsonValue(),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.constant('"result_code":"94"'),
        fc.constant({ header: rejection }),
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
        expect([inPieces.rejected, inPieces.ended]).toEqual([whole.rejected, true]);
        expect(inPieces.body.equals(bytes)).toBe(true);
        expect(whole.body.equals(bytes)).toBe(true);
      });
      await fc.assert(property, { numRuns: times({ usually: 60, full: 500 }) });
    },
  );

  test(`an answer in ${name} that is damaged, or a bomb, is handed on unchanged`, async () => {
    const damaged = Buffer.from(encode(Buffer.from(JSON.stringify({ pad: 'x'.repeat(1000), ...rejection }))));
    damaged.fill(0xff, damaged.length >> 1);
    const bomb = encode(Buffer.alloc(32 * 1024 * 1024, ' '));
    for (const bytes of [damaged, bomb]) {
      const seen = await exchange([bytes], headers);
      expect(seen.body.equals(bytes)).toBe(true);
    }
  });
});

/** A document whose verdict may stand anywhere, and whether it is a rejection within the first 16 KiB. */
const judged = fc
  .record({
    before: fc.oneof(fc.jsonValue(), fc.string({ unit: 'grapheme', maxLength: 100 })),
    code: fc.constantFrom('94', '00', '9', 94, null, ['94']),
    padding: fc.oneof(fc.nat(200), fc.integer({ min: 16_000, max: 17_000 }), fc.nat(60_000)),
    behind: fc.nat(60_000),
  })
  .map(({ before, code, padding, behind }) => {
    const head = JSON.stringify({ before, pad: 'é'.repeat(padding >> 1), header: { result_code: code } }).slice(0, -1);
    const size = Buffer.byteLength(head);
    // The value is known with the quote that ends it, which is two braces before the end.
    const rejected = code === '94' && size - 1 <= 16 * 1024;
    return { text: `${head},"behind":"${'y'.repeat(behind)}"}`, rejected };
  });

const runs = times({ usually: 30, full: 500 });

test(
  `the verdict on an answer is what its first 16 KiB say, in every encoding and any split (${runs} answers)`,
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(judged, fc.array(fc.nat(), { maxLength: 20 }), async ({ text, rejected }, cuts) => {
        for (const { name, encoding, encode } of encodings) {
          const bytes = encode(Buffer.from(text));
          const seen = await exchange(split(bytes, cuts), { 'content-type': 'application/json', 'content-encoding': encoding });
          expect({ name, rejected: seen.rejected, intact: seen.body.equals(bytes) }).toEqual({ name, rejected, intact: true });
        }
      }),
      { numRuns: runs },
    );
  },
);

test.each([
  ['a rejection as problem+json', 'application/problem+json', rejection, true],
  ['no rejection in what is no JSON', 'text/plain', rejection, false],
  ['no rejection in the text of a field', 'application/json', { header: { result_msg: '"result_code":"94"', result_code: '00' } }, false],
  [
    'no rejection in a nested object',
    'application/json',
    { header: { x: { result_code: '94' } }, body: { header: { result_code: '94' } } },
    false,
  ],
  ['no rejection in the body', 'application/json', { body: { result_code: '94' }, header: { result_code: '00' } }, false],
  ['no rejection behind 17 KiB', 'application/json', { body: 'x'.repeat(17 * 1024), ...rejection }, false],
])('an answer is taken for what it is: %s', async (_what, type, document, rejected) => {
  const seen = await exchange([Buffer.from(JSON.stringify(document))], { 'content-type': type });
  expect(seen.rejected).toBe(rejected);
});

test('an answer that is encoded in an unknown way is not judged', async () => {
  const seen = await exchange([Buffer.from(JSON.stringify(rejection))], {
    'content-type': 'application/json',
    'content-encoding': 'compress',
  });
  expect(seen.rejected).toBe(false);
});
