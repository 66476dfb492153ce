import { type CommandContext, type ExitStatus, exitStatus } from './command.ts';
import { getRenewedToken } from './renewed-token.ts';
import { UsageError } from './usage-error.ts';

/** `token`: the token alone. */
export async function runToken(context: CommandContext): Promise<ExitStatus> {
  refuseTerminal(context, 'token');
  const provider = await context.openProvider();
  const { value, scheme, issuedAt, expiresAt } = await getRenewedToken(provider, context);
  context.stdout.write(context.json ? JSON.stringify({ token: value, scheme, issuedAt, expiresAt }) : value);
  return exitStatus.ok;
}

/** `header`: the headers that carry the token, one a line, as curl takes them. */
export async function runHeader(context: CommandContext): Promise<ExitStatus> {
  refuseTerminal(context, 'header');
  const provider = await context.openProvider();
  const headers = provider.requestHeaders(await getRenewedToken(provider, context));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  context.stdout.write(...(context.json ? [JSON.stringify(headers)] : lines));
  return exitStatus.ok;
}

/** What stands on a screen is seen by others and stays in its history. */
function refuseTerminal({ stdout, flags, vendor }: CommandContext, command: string): void {
  if (!stdout.isTerminal || flags['show'] === true) return;
  throw new UsageError(
    `${command} writes a secret, and not to a terminal: read it in a script (value=$(vendor-auth ${vendor.name} ${command}) && …), or give --show`,
  );
}
