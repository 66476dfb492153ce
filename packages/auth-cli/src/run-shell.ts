import { readFileSync } from 'node:fs';

import type { ShellSupport } from '@x/auth-core/provider';

import { checkFlags, readArguments } from './arguments.ts';
import {
  type Command,
  type CommandContext,
  type ExitStatus,
  exitStatus,
  type FlagValues,
  type RunCommand,
  type ShellContext,
} from './command.ts';
import { commands } from './commands.ts';
import { completeEnvironment } from './complete-environment.ts';
import { addEnvFile } from './env-file.ts';
import { failureOf } from './failure.ts';
import { helpOfAll, helpOfCommand } from './help.ts';
import { isLanguage, type Language, languageOf, languages } from './language.ts';
import type { Environment, Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { installedVendors, loadVendor, tellInstalled } from './vendors.ts';

/**
 * Runs a command line of `vendor-auth` (without `node` and the name of the program), as the program itself does. Results go to stdout, anything else to
 * stderr. Neither gets a password, and a token only by `token` and `header`.
 *
 * @returns the exit status: 0 done, 1 refused, 2 wrong usage or options, 3 the vendor cannot be reached or failed, 70 a defect of this package.
 */
export async function runShell(args: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  try {
    return await runLine(args, surroundings);
  } catch (error) {
    const { status, message, code } = failureOf(error);
    if (args.includes('--json')) surroundings.stdout.write(JSON.stringify({ error: { code, message } }));
    surroundings.stderr.write(`vendor-auth: ${message}`);
    return status;
  }
}

async function runLine(args: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  const { flags, words } = readArguments(args, commands);
  const { stdout, cwd } = surroundings;
  if (flags['version'] === true) {
    stdout.write(readVersion());
    return exitStatus.ok;
  }
  const { vendor, name, command, rest } = chooseCommand(words);
  if (flags['help'] === true || words.length === 0) {
    const page =
      command === undefined ? helpOfAll(commands, installedVendors(cwd)) : helpOfCommand(name, command, await variablesOf(vendor, cwd));
    stdout.write(...page);
    return flags['help'] === true ? exitStatus.ok : exitStatus.usage;
  }
  if (command === undefined) throw noCommand(vendor, name, cwd);
  checkFlags(flags, name, command);
  if (rest.length > 0 && command.args === undefined) throw new UsageError(`${name} takes nothing behind it`);
  const context = contextOf(flags, rest, surroundings);
  return command.scope === 'shell'
    ? (await command.load())(context)
    : runForVendor(await command.load(), await loadVendor(vendor, cwd), context);
}

interface Choice {
  readonly vendor: string;
  readonly name: string;
  readonly command: Command | undefined;
  readonly rest: readonly string[];
}

/** `<vendor> <command>`, or a command that needs no vendor. */
function chooseCommand(words: readonly string[]): Choice {
  const [first = '', second = ''] = words;
  const alone = own(first);
  if (alone?.scope === 'shell') return { vendor: '', name: first, command: alone, rest: words.slice(1) };
  const command = own(second);
  return { vendor: first, name: second, command: command?.scope === 'vendor' ? command : undefined, rest: words.slice(2) };
}

function own(name: string): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function noCommand(vendor: string, name: string, cwd: string): UsageError {
  const known = Object.keys(commands).join(', ');
  if (name !== '') return new UsageError(`no command ${JSON.stringify(name)}: there are ${known}`);
  const installed = installedVendors(cwd);
  if (installed.includes(vendor)) return new UsageError(`which command for ${vendor}? There are ${known}`);
  return new UsageError(`expected vendor-auth <vendor> <command>. Vendors: ${tellInstalled(installed)}. Commands: ${known}`);
}

async function variablesOf(vendor: string, cwd: string): Promise<string[]> {
  if (vendor === '') return [];
  const { variables } = await loadVendor(vendor, cwd);
  return variables.map(({ name, isOptional }) => (isOptional === true ? `${name} (can be left out)` : name));
}

function contextOf(flags: FlagValues, args: readonly string[], surroundings: Surroundings): ShellContext {
  const file = flags['env-file'];
  const env = addEnvFile(surroundings.env, typeof file === 'string' ? file : undefined, surroundings.cwd);
  return { ...surroundings, env, flags, args, json: flags['json'] === true, language: chooseLanguage(flags['lang'], env) };
}

function chooseLanguage(flag: FlagValues[string], env: Environment): Language {
  if (typeof flag !== 'string') return languageOf(env);
  if (!isLanguage(flag)) throw new UsageError(`--lang: expected ${languages.join(', ')}`);
  return flag;
}

async function runForVendor(run: RunCommand<CommandContext>, vendor: ShellSupport, shell: ShellContext): Promise<ExitStatus> {
  const closers: (() => void | Promise<void>)[] = [];
  const defer = (close: () => void | Promise<void>): void => void closers.unshift(close);
  let asked: Promise<Environment> | undefined;
  const accountEnv = (): Promise<Environment> => (asked ??= completeEnvironment(vendor, shell));
  const context = { ...shell, vendor, defer, accountEnv };
  try {
    return await run({ ...context, openProvider: async (options) => (await import('./open-provider.ts')).openProvider(context, options) });
  } finally {
    for (const close of closers) await close();
  }
}

function readVersion(): string {
  // The manifest of this package, without which npm installs none.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
