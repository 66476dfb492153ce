import { execFile } from 'node:child_process';
import { dirname, delimiter } from 'node:path';

export interface RunOptions {
  readonly cwd: string;
  /** Milliseconds until it is killed. */
  readonly timeout: number;
  /** The Node that scripts with `#!/usr/bin/env node` run on. Default: the one of this process. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end.
 *
 * @returns What it wrote to stdout.
 * @throws Error that holds what it wrote, if it fails or takes too long.
 */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env, PATH: pathWith(options.node ?? process.execPath) };
  // The conditions of the tests are not those of the packages' users.
  delete env['NODE_OPTIONS'];
  return new Promise((resolve, reject) => {
    const settings = { cwd: options.cwd, env, timeout: options.timeout, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const;
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const why = error.killed === true ? `took more than ${options.timeout} ms` : `failed (${String(error.code)})`;
      reject(new Error([`${command} ${args.join(' ')} ${why}`, stdout, stderr].join('\n').trim(), { cause: error }));
    });
  });
}

function pathWith(node: string): string {
  return [dirname(node), process.env['PATH'] ?? ''].join(delimiter);
}

/** Runs a program that needs pnpm (or is it): the one that started this process, or the one that the README names. */
export function runWithPnpm(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const started = process.env['npm_config_user_agent']?.startsWith('pnpm/') === true;
  return started ? run(command, args, options) : run('npx', ['--yes', '--package=pnpm@12', '--', command, ...args], options);
}
