import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Variables that decide about colours or real vendors must come from the test, not from the shell that runs it. */
const decisive = /^(ESIGNON_|DATACOMSYS_|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$|NODE_DISABLE_COLORS$)/;

/** Runs the demo as a user would, with its output in pipes. */
export async function runInChild(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: unknown; stdout: string; stderr: string; lastLine: string | undefined }> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !decisive.test(name)));
  const child = spawn(process.execPath, ['--conditions=@x/source', main, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, stdout, stderr, lastLine: stdout.trimEnd().split('\n').at(-1) };
}
