import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '../../src/main.ts');

/** A command of the shell in a process of its own, which has written its first line. */
export interface RunningCommand extends AsyncDisposable {
  /** The first line of stdout, which is JSON. */
  readonly started: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Ends the process, and returns what it wrote to stderr. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; stderr: string }>;
}

/** Starts `vendor-auth … --json` in this environment alone. */
export async function startCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<RunningCommand> {
  const child = spawn(process.execPath, ['--conditions=@x/source', main, ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr = text(child.stderr);
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), closed.then(async () => [`{"failed":${JSON.stringify(await stderr)}}`])]);
  const end: RunningCommand['end'] = async (signal) => {
    child.kill(signal);
    await closed;
    return { code: child.exitCode, stderr: await stderr };
  };
  return {
    // The command's own line: its tests say what is in it.
    started: JSON.parse(String(line)) as Record<string, string>,
    pid: child.pid ?? 0,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}
