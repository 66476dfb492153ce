import { setTimeout as sleep } from 'node:timers/promises';

const SHORTEST = 25;
const LONGEST = 100;

/** A short wait of random length, so that those who wait for the same thing do not ask in step. Rejects with the signal's reason. Keeps no
 * process alive: that is for the one who waits to say. */
export async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(SHORTEST + Math.random() * (LONGEST - SHORTEST), undefined, { signal, ref: false });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
