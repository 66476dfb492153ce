import { rmSync } from 'node:fs';

import { memoryStore, type TokenStore } from '@x/auth-core';

import type { Chance } from './random.ts';

/** What changes by itself while the providers work: stores come and go, clocks step. */
export interface Weather extends Disposable {
  /** Does this again and again, after a pause of so many milliseconds at the most. */
  every(longest: number, change: () => void): void;
}

export function startWeather(chance: Chance): Weather {
  const timers = new Set<NodeJS.Timeout>();
  return {
    every(longest, change) {
      const again = (): void => {
        const timer = setTimeout(
          () => {
            timers.delete(timer);
            change();
            again();
          },
          chance.between(longest >> 2, longest),
        );
        timers.add(timer);
      };
      again();
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A clock that is set to and fro, by an hour at the most; the monotonic one goes on. */
export function steppingClock(weather: Weather, chance: Chance): { now(): number; monotonic(): number } {
  let offset = 0;
  weather.every(4_000, () => {
    offset = chance.pick([0, 0, 1_500, -1_500, 90_000, -90_000, 3_600_000, -3_600_000]);
  });
  return { now: () => Date.now() + offset, monotonic: () => performance.now() };
}

/** A store in memory that works, fails, answers late or hangs, for a while each. */
export function storeThatComesAndGoes(weather: Weather, chance: Chance): TokenStore {
  const inner = memoryStore();
  let mood: 'works' | 'fails' | 'is late' | 'hangs' = 'works';
  weather.every(1_000, () => {
    mood = chance.pick(['works', 'works', 'works', 'fails', 'is late', 'hangs']);
  });
  async function pass<T>(run: () => Promise<T>): Promise<T> {
    if (mood === 'fails') throw new Error('the store is out of order');
    if (mood === 'hangs') return new Promise(() => undefined);
    if (mood === 'is late') await new Promise((resolve) => void setTimeout(resolve, chance.between(50, 400)));
    return run();
  }
  return {
    get: (key) => pass(() => inner.get(key)),
    set: (key, value, options) => pass(() => inner.set(key, value, options)),
    delete: (key, expected) => pass(() => inner.delete(key, expected)),
    tryLock: (key, ttl) => pass(async () => inner.tryLock?.(key, ttl)),
  };
}

/** Somebody removes the file of a store now and then. */
export function removeNowAndThen(weather: Weather, path: string): void {
  weather.every(8_000, () => rmSync(path, { force: true }));
}
