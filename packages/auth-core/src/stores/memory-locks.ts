import { randomUUID } from 'node:crypto';

import type { Lease } from './token-store.ts';

/** The leases of one process: first come, first served, per key. */
export interface MemoryLocks {
  readonly lock: (key: string, options: { signal: AbortSignal }) => Promise<Lease>;
  readonly holds: (key: string, lease: Lease) => boolean;
}

interface Queue {
  holder: string;
  since: number;
  readonly waiters: Set<(holder: string) => void>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * A holder that dies takes its waiters with it, so leases need no short life here. The limit, in milliseconds, is for one that forgets to
 * release: it keeps its lease for as long as nobody waits, and loses it to a waiter once it is this old.
 */
export function createMemoryLocks(limit: number): MemoryLocks {
  const queues = new Map<string, Queue>();

  function watchHolder(key: string, queue: Queue): void {
    clearTimeout(queue.timer);
    queue.timer = queue.waiters.size === 0 ? undefined : setTimeout(passOn, queue.since + limit - performance.now(), key, queue.holder);
    // A provider keeps the process alive while a caller of its own waits; a refresh behind the callers must not.
    queue.timer?.unref();
  }

  function passOn(key: string, holder: string): void {
    const queue = queues.get(key);
    if (queue?.holder !== holder) return;
    const [next] = queue.waiters;
    if (next === undefined) {
      queues.delete(key);
      return;
    }
    queue.waiters.delete(next);
    queue.holder = randomUUID();
    queue.since = performance.now();
    watchHolder(key, queue);
    next(queue.holder);
  }

  function wait(key: string, queue: Queue, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.waiters.delete(enter);
        watchHolder(key, queue);
        reject(signal.reason);
      };
      const enter = (holder: string): void => {
        signal.removeEventListener('abort', leave);
        resolve(holder);
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.waiters.add(enter);
      watchHolder(key, queue);
    });
  }

  function take(key: string): string {
    const holder = randomUUID();
    queues.set(key, { holder, since: performance.now(), waiters: new Set(), timer: undefined });
    return holder;
  }

  return {
    async lock(key, { signal }) {
      signal.throwIfAborted();
      const queue = queues.get(key);
      const id = queue === undefined ? take(key) : await wait(key, queue, signal);
      return { id, release: async () => passOn(key, id) };
    },
    holds: (key, lease) => queues.get(key)?.holder === lease.id,
  };
}
