import type { ShellAdvice } from '@x/auth-core/provider';

import { type ExitStatus, exitStatus } from '../command.ts';
import { accountCauses } from './account-causes.ts';
import { networkCauses } from './network-causes.ts';

const causes = { ...networkCauses, ...accountCauses };

/** The causes that are the same at every vendor. */
export type CauseName = keyof typeof causes;

/** What a failed step means, and how the shell sees it. */
export interface Advice extends ShellAdvice {
  readonly status: ExitStatus;
}

/** What a sentence needs filled in, by the words in its braces. */
export type Details = Readonly<Record<string, string>>;

const ofUsage: ReadonlySet<string> = new Set<CauseName>(['options', 'password-line-break']);
const ofVendor: ReadonlySet<string> = new Set<CauseName>(['wrong-path', 'vendor-failed', 'unexpected-answer']);

/** The advice for a cause. */
export function adviceFor(cause: CauseName): Advice {
  return { cause, ...causes[cause], status: statusOf(cause) };
}

function statusOf(cause: CauseName): ExitStatus {
  if (ofUsage.has(cause)) return exitStatus.usage;
  return cause in networkCauses || ofVendor.has(cause) ? exitStatus.unreachable : exitStatus.refused;
}

/** A sentence with its details filled in. */
export function fill(sentence: string, details: Details): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => details[name] ?? whole);
}
