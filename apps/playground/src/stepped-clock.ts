import type { Clock } from '@x/auth-core';

/** The clock of this machine, and what it was stepped forward by. */
export interface SteppedClock extends Clock {
  /** Milliseconds. */
  readonly ahead: () => number;
  step(milliseconds: number): void;
}

export function createSteppedClock(): SteppedClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    ahead: () => ahead,
    step: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
