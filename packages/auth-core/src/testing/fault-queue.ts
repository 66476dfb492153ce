import type { ReceivedRequest } from './exchange.ts';
import type { Fault } from './fault.ts';

/** Faults that wait for the exchanges they are to spoil, in the order in which they were asked for. */
export interface FaultQueue {
  /** @throws RangeError if `times` is neither a positive whole number nor `Infinity`. */
  add(fault: Fault, options?: { times?: number; when?: (request: ReceivedRequest) => boolean }): void;
  /** The oldest fault that fits the request, used up by one. */
  take(request: ReceivedRequest): Fault | undefined;
}

/** An empty {@link FaultQueue}. */
export function createFaultQueue(): FaultQueue {
  const queued: { fault: Fault; left: number; fits: (request: ReceivedRequest) => boolean }[] = [];
  return {
    add(fault, { times = 1, when = () => true } = {}) {
      if (!(times >= 1 && (Number.isInteger(times) || times === Infinity))) {
        throw new RangeError('times: expected a positive whole number or Infinity');
      }
      queued.push({ fault, left: times, fits: when });
    },
    take(request) {
      const index = queued.findIndex(({ fits }) => fits(request));
      const next = queued[index];
      if (next === undefined) return undefined;
      next.left -= 1;
      if (next.left === 0) queued.splice(index, 1);
      return next.fault;
    },
  };
}
