import type { Clock } from '@x/auth-core';

/** A clock that can be put forward, so that nobody has to wait for a token to grow old. */
export interface DemoClock extends Clock {
  putForward(milliseconds: number): void;
}

/** The machine's own time, and whatever it was put forward by. */
export function createDemoClock(): DemoClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    putForward: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
