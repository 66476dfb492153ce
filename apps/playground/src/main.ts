import { parseArgs } from 'node:util';

import { startPlayground } from './start.ts';

const help = `Shows both providers live in a page of your browser, with buttons that break what they stand on.
Each vendor is a sandbox on this machine; no account is needed, and nothing leaves 127.0.0.1.

Usage: pnpm playground [--port N]

  --port N   the port of the page (default: 4747; 0 for any that is free)
  --help     this text
`;

async function main(args: string[]): Promise<void> {
  const { port, help: wantsHelp } = parseArgs({
    args,
    options: { port: { type: 'string', default: '4747' }, help: { type: 'boolean', short: 'h' } },
  }).values;
  if (wantsHelp === true) return void process.stdout.write(help);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Error('--port: expected a number from 0 to 65535');
  const playground = await startPlayground({ port: Number(port) });
  process.stdout.write(`The playground is at ${playground.url}\nCtrl+C ends it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void playground[Symbol.asyncDispose]());
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException; // what parseArgs, listen and this file throw
  const advice = code === 'EADDRINUSE' ? 'Another program has that port: give another one with --port, or --port 0.' : 'Try --help.';
  process.stderr.write(`playground: ${message}\n${advice}\n`);
  process.exitCode = 1;
}
