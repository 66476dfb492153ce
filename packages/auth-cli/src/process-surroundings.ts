import { askAtTerminal } from './ask.ts';
import type { Output, Surroundings } from './surroundings.ts';

/** The surroundings of the program itself. The first Ctrl-C ends the command in order, the second one at once. */
export function processSurroundings(): Surroundings {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  const canAsk = process.stdin.isTTY && process.stderr.isTTY;
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    signal: ending.signal,
    ...(canAsk ? { ask: (question, { isSecret = false } = {}) => askAtTerminal(question, isSecret) } : {}),
    now: () => Date.now(),
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough (`| head -1`) closes the pipe: that is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { isTerminal: stream.isTTY, write: (...lines) => void stream.write(lines.map((line) => `${line}\n`).join('')) };
}
