import { setTimeout as sleep } from 'node:timers/promises';

const SHORTEST = 20;
const LONGEST = 60;

/** How long one waits, and at what price. */
export interface PauseOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether the process goes on for the sake of it. */
  readonly keepAlive: boolean;
}

/** A short wait of random length, so that those who wait for the same thing do not ask in step. Rejects with the signal's reason. */
export async function pause({ signal, keepAlive }: PauseOptions): Promise<void> {
  try {
    await sleep(SHORTEST + Math.random() * (LONGEST - SHORTEST), undefined, {
      ref: keepAlive,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}
