import { AsyncLocalStorage } from 'node:async_hooks';
import { getMaxListeners, setMaxListeners } from 'node:events';

import type { AccessToken } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { WaitingRoom } from './waiting-room.ts';

/** One login under way, and everybody who waits for it. */
export interface LoginFlight {
  readonly promise: Promise<AccessToken>;
  readonly room: WaitingRoom;
  /** Whether the calling code runs inside the login. */
  isInside(): boolean;
}

/** What a flight lends to the work that it carries. */
export interface FlightDeck {
  readonly room: WaitingRoom;
  /** Runs the protocol's code so that its requests are known as the login's own, until it has settled. */
  inScope<T>(run: () => Promise<T>): Promise<T>;
  /** Runs within that what is known as a login's by other means. */
  outOfScope<T>(run: () => T): T;
}

/**
 * Starts the work at once. Its failure reaches those who wait and nobody else: it is never unhandled. The scope lives no longer than the
 * flight, so nothing is tracked while no login is under way.
 */
export function startFlight(work: (deck: FlightDeck) => Promise<AccessToken>): LoginFlight {
  const room = new WaitingRoom();
  const scope = new AsyncLocalStorage<{ open: boolean }>();
  const deck: FlightDeck = {
    room,
    inScope: (run) => {
      // Connections that were made inside carry the scope on; once the protocol's code is through, it means nothing any more.
      const visit = { open: true };
      return scope.run(visit, run).finally(() => (visit.open = false));
    },
    outOfScope: (run) => scope.run({ open: false }, run),
  };
  const promise = work(deck).finally(() => scope.disable());
  promise.catch(() => undefined);
  return { promise, room, isInside: () => scope.getStore()?.open === true };
}

/** Waits for a flight until it lands or the caller's signal fires, which frees this caller alone. */
export function joinFlight(flight: LoginFlight, signal: AbortSignal | undefined, provider: string): Promise<AccessToken> {
  flight.room.enter();
  if (signal === undefined) return flight.promise;
  allowListeners(signal);
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      flight.room.leave();
      reject(aborted(signal, provider));
    };
    signal.addEventListener('abort', leave, { once: true });
    flight.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Many callers may share one signal; Node 20 warns of the eleventh. Zero is no limit. */
function allowListeners(signal: AbortSignal): void {
  try {
    if (getMaxListeners(signal) > 0) setMaxListeners(0, signal);
  } catch {
    // It is no signal of Node's own.
  }
}

/** @returns AuthError `ABORTED`, the signal's reason as its cause. */
export function aborted(signal: AbortSignal, provider: string): AuthError {
  const message = `${provider}: the caller stopped waiting for the token (its signal fired)`;
  return new AuthError({ code: 'ABORTED', provider, message, cause: signal.reason });
}
