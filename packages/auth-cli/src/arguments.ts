import { parseArgs } from 'node:util';

import type { Command, Flag, FlagValues } from './command.ts';
import { messageOf } from './thrown.ts';
import { UsageError } from './usage-error.ts';

/** The flags that every command has. */
export const commonFlags: Readonly<Record<string, Flag>> = {
  'env-file': { type: 'string', value: '<file>', help: 'read environment variables that are not set from a file' },
  store: { type: 'string', value: '<file>', help: 'keep the token in this SQLite file' },
  lang: { type: 'string', value: 'en|ko|ja|fr', help: 'the language of a check (default: that of LANG)' },
  json: { type: 'boolean', help: 'write JSON to stdout' },
  help: { type: 'boolean', help: 'show this help' },
  version: { type: 'boolean', help: 'show the version' },
};

/** A command line, taken apart. */
export interface Arguments {
  readonly flags: FlagValues;
  /** The words that are neither a flag nor the value of one. */
  readonly words: readonly string[];
}

/** @throws UsageError if a flag is not known or misses its value. */
export function readArguments(args: readonly string[], commands: Readonly<Record<string, Command>>): Arguments {
  const all = Object.assign({}, ...Object.values(commands).map(({ flags }) => flags), commonFlags) as Record<string, Flag>; // flags of one name have one type
  const options = Object.fromEntries(
    Object.entries(all).map(([name, { type, multiple = false }]) => [name, { type, multiple, ...(name === 'help' ? { short: 'h' } : {}) }]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { flags: values, words: positionals };
  } catch (error) {
    // Its message names the flag, and quotes nothing else of the command line.
    throw new UsageError(messageOf(error), { cause: error });
  }
}

/** @throws UsageError if a flag was given that this command does not have. */
export function checkFlags(flags: FlagValues, name: string, command: Command): void {
  const foreign = Object.keys(flags).find((flag) => !(flag in command.flags) && !(flag in commonFlags));
  if (foreign !== undefined) throw new UsageError(`${name} has no option --${foreign}`);
}
