import type { TokenProvider, TokenProviderOptions } from '@x/auth-core';
import type { ShellSupport } from '@x/auth-core/provider';

import type { Language } from './language.ts';
import type { Environment, Surroundings } from './surroundings.ts';

/** The exit statuses of a command. */
export const exitStatus = {
  /** It is done. */
  ok: 0,
  /** The vendor refuses the credentials or the account, or the account is pausing after that. */
  refused: 1,
  /** The command line, a variable or a file is not right. */
  usage: 2,
  /** The vendor cannot be reached, fails, or does not answer as its documents say. */
  unreachable: 3,
  /** A defect of this package. */
  defect: 70,
} as const;

/** One of {@link exitStatus}. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** A flag of a command. */
export interface Flag {
  /** Whether it takes a value. */
  readonly type: 'boolean' | 'string';
  /** Whether it can be given more than once. */
  readonly multiple?: boolean;
  /** What stands for its value in the help (`"<port>"`). */
  readonly value?: string;
  /** A line of the help. */
  readonly help: string;
}

/** The flags that were given; an absent one was not. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** What every command gets. */
export interface ShellContext extends Surroundings {
  /** The flags, those that every command has too. */
  readonly flags: FlagValues;
  /** What stands on the command line behind the command. */
  readonly args: readonly string[];
  /** Whether stdout is for a program (`--json`). */
  readonly json: boolean;
  readonly language: Language;
}

/** What a command may want otherwise of its provider. */
export type OwnOptions = Pick<TokenProviderOptions, 'dispatcher' | 'rejectionBudget'>;

/** What a command of a vendor gets. */
export interface CommandContext extends ShellContext {
  readonly vendor: ShellSupport;
  /** The environment, with what a person at a terminal was asked for because it was missing; asked once. */
  accountEnv(): Promise<Environment>;
  /**
   * Makes a provider of the account in the environment. A person at a terminal is asked for what is missing. Its token rests in the machine's store. Its
   * logins go through the proxy of the environment, unless another dispatcher is given.
   *
   * @throws AuthError `CONFIG` if a variable is missing or wrong.
   */
  openProvider(options?: OwnOptions): Promise<TokenProvider>;
  /** Runs something when the command has ended, however it ended; the last one first. */
  defer(close: () => void | Promise<void>): void;
}

/** A command, as its own module exports it. */
export type RunCommand<Context> = (context: Context) => Promise<ExitStatus>;

interface CommandBase {
  /** A line of the help. */
  readonly summary: string;
  /** What stands behind the command in the help (`"bash|zsh|fish"`); absent = nothing can. */
  readonly args?: string;
  readonly flags: Readonly<Record<string, Flag>>;
}

/** `vendor-auth <vendor> <command>`. */
interface VendorCommand extends CommandBase {
  readonly scope: 'vendor';
  /** Loads the command's module: nothing of it is loaded before. */
  load(): Promise<RunCommand<CommandContext>>;
}

/** `vendor-auth <command>`. */
interface ShellCommand extends CommandBase {
  readonly scope: 'shell';
  load(): Promise<RunCommand<ShellContext>>;
}

export type Command = VendorCommand | ShellCommand;
