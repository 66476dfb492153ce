import type { FlagValues } from './command.ts';
import { codeOf } from './thrown.ts';
import { UsageError } from './usage-error.ts';

/** The port that `--port` names; 0, which is any free one, if it is not given. */
export function portOf(flags: FlagValues): number {
  const { port = '0' } = flags;
  if (typeof port === 'string' && /^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new UsageError('--port: expected a number from 0 (any free port) to 65535');
}

/** Starts a server on a port that a person chose. What is wrong with the port is told to that person. */
export async function startAt<Server>(port: number, start: () => Promise<Server>): Promise<Server> {
  try {
    return await start();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') throw new UsageError(`--port: ${port} is in use by another program`, { cause: error });
    if (code === 'EACCES') throw new UsageError(`--port: ${port} needs more rights; take one above 1023`, { cause: error });
    throw error;
  }
}

/** Resolves when the command is to end. */
export async function untilEnd(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
