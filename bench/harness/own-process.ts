import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');

export interface ProcessOptions {
  /** What the script finds in `process.argv[2]`, as JSON. */
  readonly input?: unknown;
  /** Options of Node. */
  readonly flags?: readonly string[];
}

/** Starts a script of this folder in a process of its own, which is killed when this one ends. */
export function startProcess(script: string, { input = {}, flags = [] }: ProcessOptions = {}): ChildProcess {
  const child = fork(join(folder, script), [JSON.stringify(input)], {
    execArgv: [...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return child;
}

/** The next message of a process. Rejects if it ends before. */
export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  const stop = once(child, 'exit', { signal: ended.signal }).then(([code]: unknown[]) => {
    throw new Error(`a process of the bench ended (${String(code)}) before it said anything`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: ended.signal }), stop])) as [Message]; // both ends are ours
    return message;
  } finally {
    ended.abort();
    stop.catch(() => undefined);
  }
}

/** Runs a script that says one thing and ends. */
export async function askProcess<Answer>(script: string, options?: ProcessOptions): Promise<Answer> {
  const child = startProcess(script, options);
  const exited = once(child, 'exit');
  const said = await nextMessage<Answer>(child);
  if (child.connected) child.disconnect();
  await exited;
  return said;
}

/** What a script was started with. */
export function readInput<Input>(): Readonly<Input> {
  return JSON.parse(process.argv[2] ?? '{}') as Input; // written by `startProcess`
}

/** A script's answer, which has been sent when this resolves; printed where somebody runs the script by hand. */
export async function answer(message: unknown): Promise<void> {
  if (process.send === undefined) console.log(JSON.stringify(message));
  else await new Promise((resolve) => process.send?.(message, undefined, undefined, resolve));
}
