import { resolve } from 'node:path';

import { type CommandContext, type ExitStatus, exitStatus } from './command.ts';
import { openDispatcher } from './dispatcher.ts';
import { portOf, startAt, untilEnd } from './port.ts';
import { type AllowRule, parseAllowRule } from './proxy/allow.ts';
import { keyFromFile } from './proxy/key-file.ts';
import { newKey } from './proxy/key.ts';
import type { ProxyLogEntry } from './proxy/log-entry.ts';
import { type Proxy, startProxy } from './proxy/start-proxy.ts';
import { UsageError } from './usage-error.ts';

/** `proxy`: lets any program on this machine call the vendor, with one login for all and without the token. */
export async function runProxy(context: CommandContext): Promise<ExitStatus> {
  const port = portOf(context.flags);
  const allow = allowRules(context);
  const file = keyFile(context);
  const key = file === undefined ? newKey() : keyFromFile(file);
  const budget = budgetOf(context);
  const dispatcher = openDispatcher(context);
  const provider = await context.openProvider({ dispatcher, ...budget });
  const log = logTo(context);
  const proxy = await startAt(port, () => startProxy({ provider, port, key, allow, log, dispatcher }));
  context.defer(() => proxy.close());
  tell(context, proxy, provider.baseUrl, file === undefined ? { key } : { keyFile: file });
  await untilEnd(context.signal);
  return exitStatus.ok;
}

function allowRules({ flags: { allow = [] } }: CommandContext): AllowRule[] {
  return [allow].flat().map((text) => {
    const rule = parseAllowRule(String(text));
    if (rule === undefined)
      throw new UsageError(`--allow: expected a method and a path, like 'GET /api/v2/*', not ${JSON.stringify(text)}`);
    return rule;
  });
}

/** For a vendor that revokes tokens more often than the provider expects. */
function budgetOf({ flags }: CommandContext): { rejectionBudget?: number } {
  const { 'rejection-budget': budget } = flags;
  if (budget === undefined) return {};
  if (typeof budget === 'string' && /^\d{1,6}$/.test(budget)) return { rejectionBudget: Number(budget) };
  throw new UsageError('--rejection-budget: expected a number of logins');
}

function keyFile({ flags, cwd }: CommandContext): string | undefined {
  const { 'key-file': file } = flags;
  return typeof file === 'string' ? resolve(cwd, file) : undefined;
}

/** The one time that a new key is shown. */
function tell(
  { stdout, json, vendor }: CommandContext,
  { url }: Proxy,
  baseUrl: string,
  from: { readonly key: string } | { readonly keyFile: string },
): void {
  if (json) return stdout.write(JSON.stringify({ url, baseUrl, ...from }));
  const shown = 'key' in from ? from.key : `$(cat ${from.keyFile})`;
  stdout.write(
    `${vendor.title} (${baseUrl}) at ${url}`,
    'key' in from ? `Key, shown this once: ${from.key}` : `Key: in ${from.keyFile}`,
    `Try: curl -H "Authorization: Bearer ${shown}" ${url}${vendor.firstCall.path}`,
  );
}

/** One line for each request. */
function logTo(context: CommandContext): (entry: ProxyLogEntry) => void {
  const { stderr, json } = context;
  return (entry) => {
    const time = new Date(context.now()).toISOString();
    const duration = Math.round(entry.duration);
    if (json) return stderr.write(JSON.stringify({ time, ...entry, duration }));
    const { method, path, status = '-', code } = entry;
    stderr.write(`${time} ${method} ${path} ${status} ${duration} ms${code === undefined ? '' : ` ${code}`}`);
  };
}
