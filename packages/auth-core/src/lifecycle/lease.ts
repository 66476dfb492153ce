import type { Lease } from '../stores/token-store.ts';
import type { Waiters } from './waiters.ts';

/** How long a lease lasts, in milliseconds: as long as others have to wait for a holder that was killed. */
export const leaseTtl = 3_000;

/** How often it is extended while it is held. */
const extendEvery = 1_000;

/**
 * A lease that is extended every second until it is given back or lost. The store is asked whether or not it is left alone just now: while the
 * holder logs in, its lease must not end. Once it was lost, `extend` is false without another question.
 */
export function holdLease(lease: Lease, waiters: Waiters): Lease {
  let lost = false;
  let cancel = extendLater();

  function extendLater(): () => void {
    return waiters.setTimer(extendEvery, () => {
      cancel = extendLater();
      // The lease outlasts two failures; after a third the next exchange, or the writing of what it brought, tells that it was lost.
      extend(leaseTtl).catch(() => undefined);
    });
  }

  async function extend(ttl: number): Promise<boolean> {
    lost ||= !(await lease.extend(ttl));
    if (lost) cancel();
    return !lost;
  }

  return {
    id: lease.id,
    extend: async (ttl) => !lost && (await extend(ttl)),
    release: () => {
      cancel();
      return lease.release();
    },
  };
}
