import type { TokenStatus } from '@x/auth-core';

import { type CommandContext, type ExitStatus, exitStatus } from './command.ts';
import { formatInstant } from './instant.ts';

/** `status`: what is known of the account on this machine, without a login and without the token. */
export async function runStatus(context: CommandContext): Promise<ExitStatus> {
  const provider = await context.openProvider();
  const status = await provider.status();
  const { name: vendor, baseUrl } = provider;
  context.stdout.write(...(context.json ? [JSON.stringify({ vendor, baseUrl, ...status })] : describe(status, baseUrl, context.now())));
  return exitStatus.ok;
}

/** `forget`: drops the token, refusals and pauses, for every process that shares the store. */
export async function runForget(context: CommandContext): Promise<ExitStatus> {
  await (await context.openProvider()).forget();
  context.stdout.write(
    context.json ? JSON.stringify({ forgotten: true }) : 'Forgotten: token, refusals and pauses. The next call logs in.',
  );
  return exitStatus.ok;
}

function describe({ issuedAt, expiresAt, assumedEnd, refreshAt, fingerprint, pause }: TokenStatus, baseUrl: string, now: number): string[] {
  const at = (instant: number): string => `${formatInstant(instant)} (${formatDistance(instant - now)})`;
  const token = [
    `Token:        fingerprint ${fingerprint}`,
    `Issued:       ${at(issuedAt ?? now)}`,
    `End:          ${expiresAt === undefined ? 'none' : `${at(expiresAt)}${assumedEnd === true ? ', assumed: the vendor does not tell it' : ''}`}`,
    `Next renewal: ${refreshAt === undefined ? 'when the vendor rejects it' : at(refreshAt)}`,
  ];
  return [
    `Account:      at ${baseUrl}`,
    ...(fingerprint === undefined ? ['Token:        none is stored'] : token),
    `Pause:        ${pause === undefined ? 'none' : `until ${at(pause.until)}, after ${pause.reason}`}`,
  ];
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `in 29 d`, `12 min ago`: rounded down to the largest unit that fits. */
function formatDistance(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  const [unit, size] = units.find((one) => length >= one[1]) ?? ['s', 1_000];
  const text = `${Math.floor(length / size)} ${unit}`;
  return milliseconds < 0 ? `${text} ago` : `in ${text}`;
}
