import type { ShellSandboxOptions } from '@x/auth-core/provider';

import { type CommandContext, type ExitStatus, exitStatus } from './command.ts';
import { portOf, startAt, untilEnd } from './port.ts';
import { parseFault } from './sandbox-fault.ts';
import { UsageError } from './usage-error.ts';

/** `sandbox`: the vendor's sandbox, for as long as somebody needs it. */
export async function runSandbox(context: CommandContext): Promise<ExitStatus> {
  const { flags, vendor, stdout, json } = context;
  const port = portOf(flags);
  const faults = [flags['fail'] ?? []].flat().map((text) => parseFault(String(text)));
  const revokeEvery = numberOf(flags['revoke-every']);
  const log = logTo(context);
  let exchanges = 0;
  const onExchange: ShellSandboxOptions['onExchange'] = (exchange) => {
    log(exchange);
    exchanges += 1;
    if (exchanges % revokeEvery === 0) sandbox.revoke();
  };
  const sandbox = await startAt(port, () => vendor.startSandbox({ port, singleSession: flags['single-session'] === true, onExchange }));
  context.defer(() => sandbox.close());
  for (const { fault, times, on } of faults) sandbox.fail(fault, { times, on });
  if (json) stdout.write(JSON.stringify({ url: sandbox.url, env: sandbox.env }));
  else stdout.write(...Object.entries(sandbox.env).map(([name, value]) => `${name}=${quote(value)}`));
  await untilEnd(context.signal);
  return exitStatus.ok;
}

function numberOf(flag: CommandContext['flags'][string]): number {
  if (flag === undefined) return Number.POSITIVE_INFINITY;
  if (typeof flag === 'string' && /^[1-9]\d{0,5}$/.test(flag)) return Number(flag);
  throw new UsageError('--revoke-every: expected a number of requests');
}

/** As both a shell and an env file read it. */
function quote(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value}'`;
}

/** One line for each request. */
function logTo(context: CommandContext): NonNullable<ShellSandboxOptions['onExchange']> {
  const { stderr, json } = context;
  return ({ request: { method, path }, status }) => {
    const time = new Date(context.now()).toISOString();
    if (json) stderr.write(JSON.stringify({ time, method, path, status }));
    else stderr.write(`${time} ${method} ${path} ${status ?? 'no answer'}`);
  };
}
