import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Job, Outcome, Progress, WorkerMessage } from './worker.ts';

/** A process of its own that does jobs, one after the other. */
export interface Worker {
  /** Does a job. Rejects if the process ends before. */
  run(job: Job): Promise<Outcome>;
  /** Ends a job that goes on until told. */
  stop(): void;
  /** How far a job that goes on until told is. */
  readonly progress: Progress;
  /** Keeps it busy, so that nothing else runs in it for so many milliseconds. */
  block(milliseconds: number): void;
  /** SIGSTOP, and SIGCONT after so many milliseconds. */
  suspend(milliseconds: number): Promise<void>;
  /** SIGKILL: no handler runs, nothing is tidied up. */
  kill(): Promise<void>;
}

/** Processes that are killed at the end, however a test ends. */
export interface Fleet extends AsyncDisposable {
  readonly workers: readonly Worker[];
  /** All of them at once. */
  run(job: Job): Promise<Outcome[]>;
}

export async function startFleet(size: number): Promise<Fleet> {
  const workers = await Promise.all(Array.from({ length: size }, startWorker));
  return {
    workers,
    run: (job) => Promise.all(workers.map((worker) => worker.run(job))),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.kill()));
    },
  };
}

export async function startWorker(): Promise<Worker> {
  const script = fileURLToPath(new URL('worker.ts', import.meta.url));
  const child = fork(script, [], {
    execPath: process.execPath,
    execArgv: ['--conditions=@x/source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const nothing: Progress = { succeeded: 0, failed: 0, troubles: 0 };
  let progress = nothing;
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'progress') progress = message;
  });
  await next(child, 'ready');
  return {
    get progress() {
      return progress;
    },
    async run(job) {
      progress = nothing;
      child.send(job);
      return (await next(child, 'done')).outcome;
    },
    stop: () => void child.send('stop'),
    block: (milliseconds) => void child.send({ block: milliseconds }),
    async suspend(milliseconds) {
      child.kill('SIGSTOP');
      await pause(milliseconds);
      child.kill('SIGCONT');
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function next<Type extends WorkerMessage['type']>(child: ChildProcess, type: Type): Promise<Extract<WorkerMessage, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: WorkerMessage): void => {
      if (message.type !== type) return;
      stopListening();
      resolve(message as Extract<WorkerMessage, { type: Type }>); // its type was looked at
    };
    const onExit = (code: number | null, signal: string | null): void => {
      stopListening();
      reject(new Error(`the process ended (${code ?? signal}) before it said '${type}'`));
    };
    const stopListening = (): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
