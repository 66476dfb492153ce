import { expect, it } from 'vitest';

import { interleave, joinSamples } from '../../bench/harness/rounds.ts';
import { quantile, ratiosTo, spreadOf } from '../../bench/harness/statistics.ts';

it('the median of an even number of samples lies between the two in the middle, in whatever order they came', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, q1: 1.75, q3: 3.25 });
});

it('one sample is its own median and quartiles', () => {
  expect(spreadOf([7])).toEqual({ median: 7, q1: 7, q3: 7 });
});

it('there is no median of nothing', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});

it('a ratio is taken round by round, so that a slow round does not count', () => {
  expect(ratiosTo([10, 100, 10], [20, 200, 20])).toEqual([2, 2, 2]);
});

it('a round whose limit took no time that could be measured has no ratio', () => {
  expect(ratiosTo([0, 10], [20, 20])).toEqual([2]);
});

it('each contender is measured once a round, first in turn, and the rounds of the warm-up are not counted', async () => {
  const order: string[] = [];
  let samples = 0;
  const take = (name: string) => (): number => {
    order.push(name);
    samples += 1;
    return samples;
  };
  const measured = await interleave({ a: take('a'), b: take('b') }, { rounds: 2, warmUp: 1 });
  expect(order.join('')).toBe('abbaab');
  expect(measured).toEqual({ a: [4, 5], b: [3, 6] });
});

it('the samples of several processes are put together for each contender', () => {
  expect(joinSamples([{ a: [1], b: [2] }, { a: [3] }])).toEqual({ a: [1, 3], b: [2] });
});
