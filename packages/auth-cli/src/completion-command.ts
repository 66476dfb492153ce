import { type ExitStatus, exitStatus, type ShellContext } from './command.ts';
import { commands } from './commands.ts';
import { completionScripts } from './completion-scripts.ts';
import { suggest } from './completion.ts';
import { UsageError } from './usage-error.ts';
import { installedVendors } from './vendors.ts';

/** `completion <shell>` prints a script for the shell; `completion words -- <words>` is what that script calls. */
export async function runCompletion({ args, cwd, stdout }: ShellContext): Promise<ExitStatus> {
  const [shell = '', ...words] = args;
  if (shell === 'words') stdout.write(...suggest(words, commands, installedVendors(cwd)).map(({ word, help }) => `${word}\t${help}`));
  else stdout.write(scriptFor(shell));
  return exitStatus.ok;
}

function scriptFor(shell: string): string {
  if (shell === 'bash' || shell === 'zsh' || shell === 'fish') return completionScripts[shell];
  throw new UsageError('completion: expected bash, zsh or fish');
}
