import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Arguments = { readonly run: 'text' | 'json' | 'help' } | { readonly problem: string };

/** Reads the command line. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help === true) return { run: 'help' };
    return { run: values.json === true ? 'json' : 'text' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
