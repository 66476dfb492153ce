import { commonFlags } from './arguments.ts';
import type { Command, Flag } from './command.ts';

/** The help of everything; it fits a screen. */
export function helpOfAll(commands: Readonly<Record<string, Command>>, vendors: readonly string[]): string[] {
  const names = Object.entries(commands);
  const of = (scope: Command['scope']): [string, string][] =>
    names.filter(([, command]) => command.scope === scope).map(([name, { summary, args }]) => [nameWithArgs(name, args), summary]);
  return [
    'Usage: vendor-auth <vendor> <command> [options]',
    '',
    `Vendors: ${vendors.length === 0 ? 'none is installed here; npm install @x/<vendor>-auth' : vendors.join(', ')}`,
    '',
    'Commands:',
    ...table(of('vendor')),
    '',
    'Without a vendor:',
    ...table(of('shell')),
    '',
    'Options of every command:',
    ...table(flagRows(commonFlags)),
    '',
    'vendor-auth <vendor> <command> --help shows the options of a command.',
    'Exit status: 0 done, 1 refused, 2 wrong usage, 3 vendor unreachable or failing.',
  ];
}

/** The help of one command. */
export function helpOfCommand(name: string, { summary, args, flags, scope }: Command, variables: readonly string[]): string[] {
  const own = flagRows(flags);
  return [
    `Usage: vendor-auth ${scope === 'vendor' ? '<vendor> ' : ''}${nameWithArgs(name, args)} [options]`,
    '',
    `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`,
    ...(own.length === 0 ? [] : ['', 'Options:', ...table(own)]),
    '',
    'Options of every command:',
    ...table(flagRows(commonFlags)),
    ...(variables.length === 0 ? [] : ['', 'The account, in environment variables:', ...variables.map((variable) => `  ${variable}`)]),
  ];
}

function nameWithArgs(name: string, args: string | undefined): string {
  return args === undefined ? name : `${name} <${args}>`;
}

function flagRows(flags: Readonly<Record<string, Flag>>): [string, string][] {
  const shown = Object.entries(flags).filter(([name]) => !['help', 'version'].includes(name));
  return shown.map(([name, { value, help }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, help]);
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
