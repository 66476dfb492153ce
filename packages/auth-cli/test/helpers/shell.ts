import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runShell } from '../../src/run-shell.ts';
import type { Environment, Output, Surroundings } from '../../src/surroundings.ts';

/** How a command line ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test may want otherwise. */
export interface ShellOptions {
  readonly env?: Environment;
  /** The working directory. Default: that of this file, where both providers are found. */
  readonly cwd?: string;
  readonly isTerminal?: boolean;
  /** The answers of a person, in their order; without them nobody is there to ask. */
  readonly answers?: readonly string[];
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/** A machine of its own: a home for the store of tokens, and a shell. */
export interface Machine extends Disposable {
  readonly directory: string;
  readonly storeFile: string;
  /** What was asked so far, and whether the answer could be seen. */
  readonly asked: readonly string[];
  run(args: readonly string[], options?: ShellOptions): Promise<Ended>;
}

/** Command lines are run in this process, with their own environment, output and store. */
export function makeMachine(): Machine {
  const directory = mkdtempSync(join(tmpdir(), 'auth-cli-'));
  const storeFile = join(directory, 'tokens.db');
  const asked: string[] = [];
  return {
    directory,
    storeFile,
    asked,
    async run(args, options = {}) {
      const [stdout, stderr] = [collect(options.isTerminal), collect(options.isTerminal)];
      const surroundings = surroundingsOf(options, { stdout, stderr, asked });
      const status = await runShell(['--store', storeFile, ...args], surroundings);
      return { status, stdout: stdout.text(), stderr: stderr.text() };
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

interface Streams {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly asked: string[];
}

function surroundingsOf(
  { env = {}, cwd = import.meta.dirname, answers, now = Date.now, signal = new AbortController().signal }: ShellOptions,
  { stdout, stderr, asked }: Streams,
): Surroundings {
  const left = [...(answers ?? [])];
  const ask: Surroundings['ask'] = (question, { isSecret = false } = {}) => {
    asked.push(`${question}${isSecret ? '(unseen)' : ''}`);
    return Promise.resolve(left.shift() ?? '');
  };
  return { env, cwd, stdout, stderr, signal, now, ...(answers === undefined ? {} : { ask }) };
}

function collect(isTerminal = false): Output & { text(): string } {
  const written: string[] = [];
  return { isTerminal, write: (...lines) => void written.push(...lines.map((line) => `${line}\n`)), text: () => written.join('') };
}
