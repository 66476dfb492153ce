import { setTimeout as sleep } from 'node:timers/promises';

const SHORTEST = 20;
const LONGEST = 60;

/** A short wait of random length, so that those who wait for the same thing do not ask in step. */
export async function pause(): Promise<void> {
  await sleep(SHORTEST + Math.random() * (LONGEST - SHORTEST));
}
