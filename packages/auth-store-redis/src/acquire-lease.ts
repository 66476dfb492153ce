import { pause } from './pause.ts';

/** One attempt to have a lease, and the way to give it back. Neither may ever settle: a client queues while it is offline. */
export interface LeaseAttempt {
  readonly acquire: () => Promise<boolean>;
  readonly release: () => Promise<void>;
}

/**
 * Asks for a lease until it is had. Rejects with the signal's reason as soon as that fires, also while the client is still waiting for an answer; a
 * lease that comes after that is given back.
 */
export async function acquireLease(attempt: LeaseAttempt, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  while (!(await unlessAborted(attempt, signal))) await pause(signal);
}

function unlessAborted({ acquire, release }: LeaseAttempt, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    void acquire()
      .then((acquired) => {
        // Nobody waits for this any more; where it fails, the lease ends by itself.
        if (acquired && signal.aborted) release().catch(() => undefined);
        return resolve(acquired);
      })
      .catch(reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
