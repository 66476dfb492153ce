/** Where time comes from. Both are milliseconds. */
export interface Clock {
  /** The wall clock, epoch milliseconds; it may be wrong and may be stepped. */
  now(): number;
  /** A clock that only goes forward, from any start; it may stand still while the machine sleeps. */
  monotonic(): number;
}

/** The machine's own clocks. Looked up at each call, so that fake timers are seen. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
