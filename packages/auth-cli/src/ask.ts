import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { UsageError } from './usage-error.ts';

/**
 * Asks a question at the terminal, on stderr. An answer that is a secret is not shown while it is typed.
 *
 * @throws UsageError if the input ends, or Ctrl-C is pressed.
 */
export async function askAtTerminal(question: string, isSecret: boolean): Promise<string> {
  const output = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const ended = new AbortController();
  lines.once('SIGINT', () => ended.abort());
  lines.once('close', () => ended.abort());
  try {
    if (isSecret) process.stderr.write(question);
    return await lines.question(isSecret ? '' : question, { signal: ended.signal });
  } catch (error) {
    throw new UsageError('no answer was given', { cause: error });
  } finally {
    lines.close();
    if (isSecret) process.stderr.write('\n');
  }
}
