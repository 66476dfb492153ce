import { setTimeout as pause } from 'node:timers/promises';

/** Waits for something that another process does; fails after half a minute. */
export async function waitUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited half a minute in vain: ${what}`);
    await pause(5);
  }
}
