import fc from 'fast-check';
import { expect, it } from 'vitest';

import { createBoundedMap } from '../src/bounded-map.ts';

type Step = readonly [operation: 'get' | 'set' | 'delete' | 'has', key: string];

const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const steps = fc.array(fc.tuple(fc.constantFrom<Step[0]>('get', 'set', 'delete', 'has'), fc.constantFrom(...keys)), {
  maxLength: 200,
});

/** The same with a Map that is put in order at each use. */
function createModel(max: number) {
  const entries = new Map<string, number>();
  const use = (key: string, value: number): void => {
    entries.delete(key);
    entries.set(key, value);
    const [oldest] = entries.keys();
    if (entries.size > max && oldest !== undefined) entries.delete(oldest);
  };
  return {
    entries,
    get(key: string) {
      const value = entries.get(key);
      if (value !== undefined) use(key, value);
      return value;
    },
    set: use,
  };
}

it('a bounded map holds the entries that were used last, whatever is read, written and removed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), steps, (max, all) => {
      const map = createBoundedMap<number>(max);
      const model = createModel(max);
      for (const [at, [operation, key]] of all.entries()) {
        if (operation === 'get') expect(map.get(key)).toBe(model.get(key));
        else if (operation === 'delete') expect(map.delete(key)).toBe(model.entries.delete(key));
        else if (operation === 'has') expect(map.has(key)).toBe(model.entries.has(key));
        else {
          map.set(key, at);
          model.set(key, at);
        }
        expect(map.size).toBe(model.entries.size);
      }
      for (const key of keys) expect([key, map.has(key)]).toEqual([key, model.entries.has(key)]);
    }),
    { numRuns: 500 },
  );
});

it('a bounded map goes on dropping the oldest entry for as long as new ones come', () => {
  const map = createBoundedMap<number>(1_000);
  for (let key = 0; key < 10_000; key += 1) map.set(String(key), key);
  expect(map.size).toBe(1_000);
  expect([map.has('8999'), map.has('9000'), map.get('9999')]).toEqual([false, true, 9_999]);
});
