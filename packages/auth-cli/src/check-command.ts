import { type CommandContext, type ExitStatus, exitStatus } from './command.ts';

/** `check`: one login, step by step. */
export async function runCheck(context: CommandContext): Promise<ExitStatus> {
  await (await context.openProvider()).getToken({ signal: context.signal });
  return exitStatus.ok;
}
