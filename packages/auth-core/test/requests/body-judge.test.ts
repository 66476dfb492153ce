import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { BodyJudge, hasJsonBody } from '../../src/requests/judge.ts';
import { envelope94, testProvider } from './helpers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a body that comes in bits and stalls is judged a hundredth of a second later', () => {
  const verdicts: boolean[] = [];
  const chunks: Buffer[] = [];
  const judge = new BodyJudge({
    provider: testProvider(['https://vendor.example'], envelope94),
    head: { status: 200, header: () => undefined },
    chunks,
    decode: null,
    length: undefined,
    decided: (rejected) => void verdicts.push(rejected),
    failed: (error) => {
      throw error;
    },
  });
  for (const byte of Buffer.from('{"header":{"result_code":"94","result_msg":"x')) {
    chunks.push(Buffer.from([byte]));
    judge.added(1);
  }
  vi.advanceTimersByTime(10);
  expect(verdicts).toEqual([true]);
  judge.end();
  expect([verdicts, vi.getTimerCount()]).toEqual([[true], 0]);
});

test.each([
  ['GET', 200, 'application/json', true],
  ['GET', 200, 'Application/JSON ; charset=UTF-8', true],
  ['POST', 200, 'application/json;charset=utf-8', true],
  ['GET', 401, 'application/problem+json', true],
  ['GET', 200, 'text/json-like', false],
  ['GET', 200, 'application/jsonp', false],
  ['GET', 200, undefined, false],
  ['HEAD', 200, 'application/json', false],
  ['GET', 204, 'application/json', false],
  ['GET', 205, 'application/json', false],
  ['GET', 304, 'application/json', false],
])('an answer to %s with status %d and type %s has a JSON body: %s', (method, status, type, expected) => {
  expect(hasJsonBody(method, status, type)).toBe(expected);
});
