import { setImmediate as nextTurn } from 'node:timers/promises';

import { ManualTimers } from './manual-timers.ts';

/** Time that goes on only when a test says so. */
export interface ManualClock extends Disposable {
  /** The wall clock, epoch milliseconds. */
  now(): number;
  /** The clock that only goes forward, milliseconds. */
  monotonic(): number;
  /** Lets milliseconds pass on both clocks; timers that fall due on the way fire in order, and what they set off is let run. */
  advance(milliseconds: number): Promise<void>;
  /** Steps the wall clock alone, as a wrong or corrected machine clock is: back with a negative number. */
  step(milliseconds: number): void;
  /** Lets everything run that waits for no time. */
  settle(): Promise<void>;
  /** The timers that are pending, if the clock has taken them over. */
  readonly timers: { readonly pending: number; readonly keepingAlive: number };
}

/** What a {@link manualClock} begins with. */
export interface ManualClockOptions {
  /** Epoch milliseconds. Default: the beginning of 2100, so that nothing is past for a store that has real time. */
  now?: number;
  /** Takes over the global `setTimeout` and `clearTimeout` until it is disposed of, so that pauses and deadlines need no waiting. Default false. */
  timers?: boolean;
}

const beginOf2100 = 4_102_444_800_000;

/** Makes a {@link ManualClock}: the `clock` option of a provider under test. */
export function manualClock(options: ManualClockOptions = {}): ManualClock {
  let wall = options.now ?? beginOf2100;
  let passed = 0;
  const timers = new ManualTimers(() => passed);
  const giveBack = options.timers === true ? timers.takeOver() : (): void => undefined;

  async function advance(milliseconds: number): Promise<void> {
    const until = passed + milliseconds;
    await nextTurn();
    for (let timer = timers.nextDue(until); timer !== undefined; timer = timers.nextDue(until)) {
      pass(Math.max(0, timer.due - passed));
      timers.fire(timer);
      await nextTurn();
    }
    pass(until - passed);
    await nextTurn();
  }

  function pass(milliseconds: number): void {
    wall += milliseconds;
    passed += milliseconds;
  }

  return {
    now: () => wall,
    monotonic: () => passed,
    advance,
    step: (milliseconds) => {
      wall += milliseconds;
    },
    settle: () => nextTurn(),
    timers,
    [Symbol.dispose]: giveBack,
  };
}
