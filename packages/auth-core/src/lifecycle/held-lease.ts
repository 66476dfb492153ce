import type { Lease } from '../stores/token-store.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** How long a lease lasts, in milliseconds: no longer than others can well wait for a holder that was killed. */
export const leaseTtl = 3_000;

/** How often it is extended while it is held. */
const extendEvery = 1_000;

/**
 * A lease that is extended every second until it is given back or lost. The store is asked whether or not it is left alone just now: while the
 * holder logs in, its lease must not end. Once it was lost, `extend` is false without another question.
 */
export function holdLease(lease: Lease, room: WaitingRoom): Lease {
  let lost = false;
  let callOff = extendLater();

  function extendLater(): () => void {
    return room.setTimer(extendEvery, () => {
      callOff = extendLater();
      // The lease outlasts two failures; after a third the next exchange, or the writing of what it brought, tells that it was lost.
      extend(leaseTtl).catch(() => undefined);
    });
  }

  async function extend(ttl: number): Promise<boolean> {
    lost ||= !(await lease.extend(ttl));
    if (lost) callOff();
    return !lost;
  }

  return {
    id: lease.id,
    extend: async (ttl) => !lost && (await extend(ttl)),
    release: () => {
      callOff();
      return lease.release();
    },
  };
}
