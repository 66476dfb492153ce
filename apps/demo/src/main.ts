import { readArguments } from './arguments.ts';
import { help } from './help.ts';
import { createJsonReporter } from './output/json-reporter.ts';
import { createTextReporter } from './output/text-reporter.ts';
import { runDemo } from './run-demo.ts';

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if ('problem' in asked) {
    process.stderr.write(`demo: ${asked.problem}\nTry --help.\n`);
    return 2;
  }
  if (asked.run === 'help') {
    process.stdout.write(help);
    return 0;
  }
  const isJson = asked.run === 'json';
  try {
    const { ok } = await runDemo(process.env, (isJson ? createJsonReporter : createTextReporter)(process.stdout));
    return ok ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isJson) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
    else process.stderr.write(`demo: it could not start: ${message}\n`);
    return 1;
  }
}

// Whoever reads along may leave early (`| head`); the exit status still says how it went.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
