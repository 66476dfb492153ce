import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '../../src/main.ts');

/** A command of the shell in a process of its own, which has written its first line. */
export interface RunningCommand<Started> extends AsyncDisposable {
  /** The first line of stdout, which is JSON. */
  readonly started: Started;
  readonly pid: number;
  /** Ends the process, and returns what it wrote to stderr. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; stderr: string }>;
}

/** Starts `vendor-auth … --json` in this environment alone. It has to go on: what ends at once fails the test with what it said. */
export async function startCommand<Started>(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningCommand<Started>> {
  const child = spawn(process.execPath, ['--conditions=@x/source', main, ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr = text(child.stderr);
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const failed = async (): Promise<never> => {
    await closed;
    throw new Error(`vendor-auth ended: ${await stderr}`);
  };
  const [line] = await Promise.race([once(lines, 'line'), failed()]);
  const end: RunningCommand<Started>['end'] = async (signal) => {
    child.kill(signal);
    await closed;
    return { code: child.exitCode, stderr: await stderr };
  };
  return {
    started: JSON.parse(String(line)),
    pid: child.pid ?? 0,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

/** What `proxy` tells when it has started. */
export interface StartedProxy {
  readonly url: string;
  readonly baseUrl: string;
  readonly key?: string;
  readonly keyFile?: string;
}

/** What `sandbox` tells when it has started. */
export interface StartedSandbox {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}
