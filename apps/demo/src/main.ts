import { parseArgs } from 'node:util';

import { runDemo } from './demo.ts';
import { createReporter } from './report.ts';

const help = `Shows what the packages do with the logins of two vendors: the first call, the
cached second one, a revoked token, a thousand callers at once, a wrong password,
the cooldown after it, and a refresh ahead of the token's end.

Usage: pnpm demo [--help]

Each vendor is a sandbox on this machine: no account is needed, and nothing leaves
it. The exit status is 0 if everything was as expected. NO_COLOR and FORCE_COLOR apply.
`;

/** Whether somebody asked for help, or what is wrong with the command line. */
function readArguments(): boolean | string {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values.help ?? false;
  } catch (error) {
    return String(error);
  }
}

// A reader may close the pipe early (`| head`): the exit status is right all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const wantsHelp = readArguments();
if (typeof wantsHelp === 'string') {
  process.stderr.write(`demo: ${wantsHelp}\nTry --help.\n`);
  process.exitCode = 2;
} else if (wantsHelp) process.stdout.write(help);
else process.exitCode = (await runDemo(createReporter(process.stdout))) ? 0 : 1;
