import { setImmediate as nextTurn } from 'node:timers/promises';

import * as v from 'valibot';

import { parseOptions } from '../validation.ts';

/** A clock that moves only when a test moves it. */
export interface ManualClock extends Disposable {
  /** The wall clock, in epoch milliseconds. */
  now(): number;
  /** The monotonic clock, in milliseconds. */
  monotonic(): number;
  /** Moves both clocks forward, in milliseconds. Timers that become due fire in order, each followed by the work that it starts. */
  advance(milliseconds: number): Promise<void>;
  /** Moves the wall clock alone, in milliseconds, as when the time of the machine is corrected; a negative number sets it back. */
  step(milliseconds: number): void;
  /** Lets all pending work run that does not wait for time to pass. */
  settle(): Promise<void>;
  /** How many timers are pending, and how many of them keep the process alive; 0 without the option `timers`. */
  readonly timers: { readonly pending: number; readonly keepingAlive: number };
}

/** Options of {@link manualClock}. */
export interface ManualClockOptions {
  /** The initial time, in epoch milliseconds. Default: the start of 2100, so that a store that uses the real time has no expired entries. */
  now?: number;
  /** Replaces the global `setTimeout` and `clearTimeout` until the clock is disposed of. Default: false. */
  timers?: boolean;
}

const startOf2100 = 4_102_444_800_000;

const optionsSchema = v.object({ now: v.optional(v.number()), timers: v.optional(v.boolean()) });

/**
 * Creates a {@link ManualClock}, for the `clock` option of a provider under test.
 *
 * @throws AuthError `CONFIG` if an option is wrong or not known.
 */
export function manualClock(options: ManualClockOptions = {}): ManualClock {
  parseOptions(optionsSchema, options, 'manualClock');
  let wall = options.now ?? startOf2100;
  let passed = 0;
  const timers = new ManualTimers(() => passed);
  const restore = options.timers === true ? timers.install() : (): void => undefined;

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
    [Symbol.dispose]: restore,
  };
}

/** A pending timer. */
interface ManualTimer {
  readonly due: number;
  readonly callback: () => void;
  keepsAlive: boolean;
}

/** Replacements for `setTimeout` and `clearTimeout` whose timers fire when `fire` is called. */
class ManualTimers {
  readonly #now: () => number;
  readonly #timers = new Set<ManualTimer>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get pending(): number {
    return this.#timers.size;
  }

  get keepingAlive(): number {
    return [...this.#timers].filter((timer) => timer.keepsAlive).length;
  }

  /** The timer that is due first and not after `until`; of two with the same time the older one. */
  nextDue(until: number): ManualTimer | undefined {
    let next: ManualTimer | undefined;
    for (const timer of this.#timers) if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    return next;
  }

  fire(timer: ManualTimer): void {
    if (this.#timers.delete(timer)) timer.callback();
  }

  /** Replaces the global functions; returns a function that restores them. */
  install(): () => void {
    const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
    const replacements = {
      setTimeout: (callback: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => this.#set(() => callback(...args), delay),
      clearTimeout: (timer: unknown) => {
        this.#timers.delete(timer as ManualTimer); // a timer that is not ours is not in the set
      },
    };
    Object.assign(globalThis, replacements);
    return () => void Object.assign(globalThis, real);
  }

  #set(callback: () => void, delay: number): ManualTimer & { ref(): unknown; unref(): unknown } {
    const keep = (keepsAlive: boolean) => (): unknown => Object.assign(timer, { keepsAlive });
    const timer = { due: this.#now() + Math.max(0, delay), callback, keepsAlive: true, ref: keep(true), unref: keep(false) };
    this.#timers.add(timer);
    return timer;
  }
}
