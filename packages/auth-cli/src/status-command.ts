import { type CommandContext, type ExitStatus, exitStatus } from './command.ts';

/** `status`: what is known of the account, without a login. */
export async function runStatus(context: CommandContext): Promise<ExitStatus> {
  const provider = await context.openProvider();
  const status = await provider.status();
  context.stdout.write(JSON.stringify(status));
  return exitStatus.ok;
}

/** `forget`: drops the token, refusals and pauses. */
export async function runForget(context: CommandContext): Promise<ExitStatus> {
  await (await context.openProvider()).forget();
  context.stdout.write(context.json ? JSON.stringify({ forgotten: true }) : 'forgotten: the next call logs in');
  return exitStatus.ok;
}
