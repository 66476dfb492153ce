import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { UsageError } from './usage-error.ts';

/** Where a person types, and reads. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks a question at the terminal. An answer that is a secret is not shown while it is typed.
 *
 * @throws UsageError if the input ends, or Ctrl-C is pressed.
 */
export async function askAtTerminal({ input, output }: Terminal, question: string, isSecret: boolean): Promise<string> {
  const shown = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : output;
  const lines = createInterface({ input, output: shown, terminal: true });
  const ended = new AbortController();
  // By Ctrl-C, too, to which nobody else listens.
  lines.once('close', () => ended.abort());
  try {
    if (isSecret) output.write(question);
    return await lines.question(isSecret ? '' : question, { signal: ended.signal });
  } catch (error) {
    throw new UsageError('no answer was given', { cause: error });
  } finally {
    lines.close();
    if (isSecret) output.write('\n');
  }
}
