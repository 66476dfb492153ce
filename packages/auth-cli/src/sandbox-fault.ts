import type { ShellFault } from '@x/auth-core/provider';

import { UsageError } from './usage-error.ts';

/** A fault as it is queued in a sandbox. */
export interface QueuedFault {
  readonly fault: ShellFault;
  readonly times: number;
  readonly on: 'login' | 'call' | 'any';
}

const named = ['silent', 'reset', 'cut', 'garbage', 'oversize', 'flood'] as const;

/** What `--fail` takes. */
const faultForm = `a status (503), slow=<ms>, ${named.join(', ')}; behind it ,retry-after=<s> (of a status) ,times=<n>|always ,on=login|call`;

/**
 * Reads `503,retry-after=2,times=3,on=login`: a fault and how often it comes.
 *
 * @throws UsageError that says what is expected.
 */
export function parseFault(text: string): QueuedFault {
  const [first = '', ...rest] = text.split(',');
  const settings = new Map(rest.map((part) => splitOnce(part)));
  const fault = faultOf(first, settings.get('retry-after'));
  const times = timesOf(settings.get('times') ?? '1');
  const on = settings.get('on') ?? 'any';
  const unknown = [...settings.keys()].some((name) => !['retry-after', 'times', 'on'].includes(name));
  if (fault === undefined || times === undefined || unknown || settings.size < rest.length || !isPlace(on)) {
    throw new UsageError(`--fail ${JSON.stringify(text)}: expected ${faultForm}`);
  }
  return { fault, times, on };
}

function faultOf(text: string, retryAfter: string | undefined): ShellFault | undefined {
  if (/^[2-5]\d\d$/.test(text)) {
    if (retryAfter === undefined) return { status: Number(text) };
    return /^\d{1,6}$/.test(retryAfter) ? { status: Number(text), retryAfter: Number(retryAfter) } : undefined;
  }
  if (retryAfter !== undefined) return undefined;
  const slow = /^slow=(\d{1,6})$/.exec(text)?.[1];
  return slow === undefined ? named.find((name) => name === text) : { slow: Number(slow) };
}

function timesOf(text: string): number | undefined {
  if (text === 'always') return Number.POSITIVE_INFINITY;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

function isPlace(text: string): text is QueuedFault['on'] {
  return text === 'login' || text === 'call' || text === 'any';
}

function splitOnce(part: string): [name: string, value: string] {
  const [name = '', ...value] = part.split('=');
  return [name, value.join('=')];
}
