import { parseArgs } from 'node:util';

import { runDemo } from './demo.ts';
import { help } from './help.ts';
import { createJsonReporter, createTextReporter } from './report.ts';

async function main(args: string[]): Promise<number> {
  const values = readArguments(args);
  if (typeof values === 'string') {
    process.stderr.write(`demo: ${values}\nTry --help.\n`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  try {
    const { ok } = await runDemo(process.env, (values.json === true ? createJsonReporter : createTextReporter)(process.stdout));
    return ok ? 0 : 1;
  } catch (error) {
    if (values.json === true) process.stdout.write(`${JSON.stringify({ ok: false, error: messageOf(error) })}\n`);
    else process.stderr.write(`demo: cannot start: ${messageOf(error)}\n`);
    return 1;
  }
}

/** The options of the command line, or what is wrong with it. */
function readArguments(args: string[]): { json?: boolean; help?: boolean } | string {
  try {
    return parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// A reader may close the pipe early (`| head`): the exit status is right all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
