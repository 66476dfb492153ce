import { commonFlags } from './arguments.ts';
import type { Command, Flag } from './command.ts';

/** A word that can stand where the cursor is, and what it does. */
export interface Suggestion {
  readonly word: string;
  readonly help: string;
}

type Commands = Readonly<Record<string, Command>>;

/**
 * What can stand in the place of the last of these words, which are those behind the name of the program. None where a file is expected, or anything else
 * that only the user knows.
 */
export function suggest(words: readonly string[], commands: Commands, vendors: readonly string[]): Suggestion[] {
  const current = words.at(-1) ?? '';
  return suggestAny(words.slice(0, -1), current, commands, vendors).filter(({ word }) => word.startsWith(current));
}

function suggestAny(before: readonly string[], current: string, commands: Commands, vendors: readonly string[]): Suggestion[] {
  const all = Object.assign({}, ...Object.values(commands).map(({ flags }) => flags), commonFlags) as Record<string, Flag>; // flags of one name are alike
  const given = flagNamed(before.at(-1), all);
  if (given?.type === 'string') return choicesIn(given.value);
  const [first, second] = before.filter((word, at) => !word.startsWith('-') && flagNamed(before[at - 1], all)?.type !== 'string');
  const command = first === undefined ? undefined : (own(commands, first, 'shell') ?? own(commands, second, 'vendor'));
  if (current.startsWith('-')) return flagsOf({ ...command?.flags, ...commonFlags }, before);
  if (first === undefined) return [...vendors.map((vendor) => ({ word: vendor, help: 'a vendor' })), ...commandsOf(commands, 'shell')];
  return command === undefined ? (second === undefined ? commandsOf(commands, 'vendor') : []) : choicesIn(command.args);
}

function flagNamed(word: string | undefined, flags: Readonly<Record<string, Flag>>): Flag | undefined {
  const name = word?.startsWith('--') === true ? word.slice(2) : undefined;
  return name !== undefined && Object.hasOwn(flags, name) ? flags[name] : undefined;
}

function own(commands: Commands, name: string | undefined, scope: Command['scope']): Command | undefined {
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command?.scope === scope ? command : undefined;
}

function commandsOf(commands: Commands, scope: Command['scope']): Suggestion[] {
  return Object.entries(commands).flatMap(([word, command]) => (command.scope === scope ? [{ word, help: command.summary }] : []));
}

/** A flag is not suggested again, unless it can be given more than once. */
function flagsOf(flags: Readonly<Record<string, Flag>>, before: readonly string[]): Suggestion[] {
  return Object.entries(flags).flatMap(([name, { help, multiple = false }]) =>
    multiple || !before.includes(`--${name}`) ? [{ word: `--${name}`, help }] : [],
  );
}

/** The words of `en|ko|ja|fr`; none of what is a placeholder. */
function choicesIn(form = ''): Suggestion[] {
  return /^[\w-]+(?:\|[\w-]+)+$/.test(form) ? form.split('|').map((word) => ({ word, help: '' })) : [];
}
