import { run } from './run.ts';

/** How a program takes a package in. */
export type Loading = 'import' | 'require';

/** What a run of a provider against its sandbox showed. */
export interface Exercise {
  /** The Node (or Bun, or Deno) and the undici that it ran on. */
  readonly runtime: string;
  readonly undici: string;
  readonly logins: number;
}

/**
 * Runs a provider against its sandbox: a login, a protected call, a revoked token and the recovery from it.
 *
 * @param start The runtime: its path and its arguments before the program.
 * @throws Error if anything went otherwise than it should.
 */
export async function exercise(directory: string, loading: Loading, start: readonly [string, ...string[]]): Promise<Exercise> {
  const [command, ...args] = start;
  const program = loading === 'import' ? 'by-import.mjs' : 'by-require.cjs';
  const written = await run(command, [...args, program], { cwd: directory, timeout: 60_000 });
  const result: unknown = JSON.parse(written.trim().split('\n').at(-1) ?? '');
  if (!isExercise(result)) throw new Error(`the program wrote something else than its result: ${written}`);
  return result;
}

function isExercise(value: unknown): value is Exercise {
  return typeof value === 'object' && value !== null && 'runtime' in value && 'undici' in value && 'logins' in value;
}
