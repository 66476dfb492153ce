/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command writes to. */
export interface Output {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Writes lines, each with a line break behind it. */
  write(...lines: readonly string[]): void;
}

/** What is around a command: the process, or a test. */
export interface Surroundings {
  /** The environment variables. */
  readonly env: Environment;
  /** The working directory. */
  readonly cwd: string;
  /** Results. */
  readonly stdout: Output;
  /** Everything else: errors, and what is said beside a result. */
  readonly stderr: Output;
  /** Fires when the command is to end (Ctrl-C). */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal; undefined where there is none. An answer that is a secret is not shown while it is typed. */
  readonly ask?: (question: string, options?: { readonly isSecret?: boolean }) => Promise<string>;
  /** The wall clock, in epoch milliseconds. */
  now(): number;
}
