import fc from 'fast-check';
import { expect, test } from 'vitest';

import { authInterceptor, createAuthFetch, type ResponseProbe } from '../../src/index.ts';
import { KnownBeginnings } from '../../src/requests/judge.ts';
import { envelope94, idleController, testProvider } from './helpers.ts';

const good = (): boolean => true;

test('the beginning of a body is known for its status alone, by its bytes, until later ones take its place', () => {
  const known = new KnownBeginnings();
  const bytes = Buffer.from('{"status":200,"data":1}');
  expect(known.learn(200, bytes, good)).toBe(true);
  expect([known.has(200, bytes), known.has(201, bytes), known.has(200, bytes.subarray(0, 10))]).toEqual([true, false, false]);
  const same = Buffer.from(bytes);
  bytes.fill(0);
  expect([known.has(200, same), known.has(200, bytes)]).toEqual([true, false]);
  for (const letter of ['a', 'b', 'c', 'd']) known.learn(200, Buffer.from(letter.repeat(20)), good);
  expect([known.has(200, same), known.has(200, Buffer.from('a'.repeat(20)))]).toEqual([false, true]);
});

const ORIGIN = 'https://vendor.example';
/** Sends requests through one interceptor; each answer comes in these pieces. Tells which ones were rejected, and what the caller got. */
async function exchanges(
  answers: readonly (readonly string[])[],
  isRejection = envelope94,
): Promise<{ rejected: boolean; body: string }[]> {
  const provider = testProvider([ORIGIN], isRejection);
  provider.budget = 0;
  let answer: readonly string[] = [];
  const send = authInterceptor(provider)((_options, handler) => {
    handler.onRequestStart?.(idleController, null);
    handler.onResponseStart?.(idleController, 200, { 'content-type': 'application/json' }, 'OK');
    for (const piece of answer) handler.onResponseData?.(idleController, Buffer.from(piece));
    handler.onResponseEnd?.(idleController, {});
    return true;
  });
  const results: { rejected: boolean; body: string }[] = [];
  for (answer of answers) {
    const calls = provider.calls.length;
    let body = '';
    await new Promise<void>((resolve, reject) => {
      send(
        { origin: ORIGIN, path: '/', method: 'GET' },
        {
          onRequestStart: () => undefined,
          onResponseStart: () => undefined,
          onResponseData: (_controller, chunk) => void (body += chunk.toString()),
          onResponseEnd: () => resolve(),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
    results.push({ rejected: provider.calls.length > calls, body });
  }
  return results;
}

/** The same through one `createAuthFetch`. */
async function fetches(answers: readonly (readonly string[])[], isRejection = envelope94): Promise<{ rejected: boolean; body: string }[]> {
  const provider = testProvider([ORIGIN], isRejection);
  provider.budget = 0;
  let answer: readonly string[] = [];
  const authFetch = createAuthFetch(provider, {
    fetch: async () => {
      const body = ReadableStream.from(answer.map((piece) => new TextEncoder().encode(piece)));
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    },
  });
  const results: { rejected: boolean; body: string }[] = [];
  for (answer of answers) {
    const calls = provider.calls.length;
    const body = await (await authFetch(`${ORIGIN}/`)).text();
    results.push({ rejected: provider.calls.length > calls, body });
  }
  return results;
}

const answer = fc.record({
  before: fc.constantFrom('', 'x'.repeat(20), 'x'.repeat(60), 'é'.repeat(30)),
  code: fc.constantFrom('00', '00', '10', '94'),
  behind: fc.constantFrom('', 'y'.repeat(100), '94'),
  cut: fc.nat(160),
});

const clients = [
  ['authInterceptor', exchanges],
  ['createAuthFetch', fetches],
] as const;

test.each(clients)(
  'answers that begin alike get from %s the verdict that each gets by itself, in any order and any split',
  async (_client, send) => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 12 }), async (answers) => {
        const texts = answers.map(({ before, code, behind }) =>
          JSON.stringify({ header: { result_msg: before, result_code: code }, body: { text: behind } }),
        );
        const split = texts.map((text, at) =>
          [text.slice(0, answers[at]?.cut), text.slice(answers[at]?.cut)].filter((piece) => piece !== ''),
        );
        const results = await send(split);
        expect(results).toEqual(answers.map(({ code }, at) => ({ rejected: code === '94', body: texts[at] })));
      }),
      { numRuns: 500 },
    );
  },
);

test.each(clients)('a verdict of %s that depends on the headers, too, holds for its answer alone', async (_client, send) => {
  let answers = 0;
  const isRejection = (probe: ResponseProbe): boolean | 'need-body' => {
    if (probe.body !== undefined) return probe.header('content-type') !== undefined && answers === 2;
    answers += 1;
    return 'need-body';
  };
  const same = [`{"status":"${'padding '.repeat(20)}"}`];
  const results = await send([same, same, same], isRejection);
  expect(results.map(({ rejected }) => rejected)).toEqual([false, true, false]);
});

test.each(clients)('answers that begin alike are looked into by %s once, whatever they say further on', async (_client, send) => {
  let looks = 0;
  const counted = (probe: ResponseProbe): boolean | 'need-body' => {
    if (probe.body !== undefined) looks += 1;
    return envelope94(probe);
  };
  const texts = Array.from({ length: 100 }, (_, at) => `{"header":{"result_code":"00","result_msg":"${at} ${'x'.repeat(at)}"}}`);
  const results = await send([['y'.repeat(100)], ...texts.map((text) => [text])], counted);
  expect(results.slice(1)).toEqual(texts.map((body) => ({ rejected: false, body })));
  expect(looks).toBeLessThan(10);
});
