import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

/** A process of its own that uses the store. */
export interface Child {
  /** The next line that it prints. */
  line(): Promise<string>;
  /** SIGKILL: no handler runs, nothing is tidied up. */
  kill(): Promise<void>;
  /** Waits for its end; the exit code. */
  ended(): Promise<number | null>;
}

/** Runs `worker.ts` in another process, which ends with the test. */
export function startChild(task: 'hold' | 'write' | 'open' | 'wait' | 'fail', path: string): Child {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@x/source', worker, task, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the child ended before it said anything more (${task})`);
      return value;
    },
    async kill() {
      child.kill('SIGKILL');
      await end(child);
    },
    async ended() {
      await end(child);
      return child.exitCode;
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
