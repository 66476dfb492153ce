import { askAtTerminal } from './ask.ts';
import type { Environment, Output, Surroundings } from './surroundings.ts';

type Terminal = { readonly isTTY?: boolean };

/** As much of a process as a command has to do with. */
export interface Host {
  readonly env: Environment;
  readonly stdin: NodeJS.ReadableStream & Terminal;
  readonly stdout: NodeJS.WritableStream & Terminal;
  readonly stderr: NodeJS.WritableStream & Terminal;
  cwd(): string;
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** The surroundings of the program itself. The first Ctrl-C ends the command in order, the second one at once. */
export function processSurroundings(host: Host): Surroundings {
  const { env, stdin: input, stdout, stderr: output } = host;
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.once(signal, () => ending.abort());
  const ask: Surroundings['ask'] = (question, options) => askAtTerminal({ input, output }, question, options?.isSecret === true);
  return {
    env,
    cwd: host.cwd(),
    stdout: outputOf(stdout),
    stderr: outputOf(output),
    signal: ending.signal,
    ...(input.isTTY === true && output.isTTY === true ? { ask } : {}),
    now: () => Date.now(),
  };
}

function outputOf(stream: Host['stdout']): Output {
  // A reader that has seen enough (`| head -1`) closes the pipe: that is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { isTerminal: stream.isTTY === true, write: (...lines) => void stream.write(lines.map((line) => `${line}\n`).join('')) };
}
