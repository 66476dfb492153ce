/**
 * The vendor's login is down while a token that still works should be renewed. Each contender gets tokens whose life puts it into its own window, and requests
 * go on all the time.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { answer, readInput } from '../harness/own-process.ts';
import { startVendor } from '../harness/vendor.ts';
import { loadPeer } from '../peers/load.ts';
import { azure, ours, undiciOidc } from '../peers/names.ts';
import { openOurs } from '../peers/ours.ts';
import { callPath, vendorAt } from '../peers/peer.ts';

export interface OutageInput {
  readonly contender: string;
  /** How long the login is down, in milliseconds. */
  readonly outage: number;
}

export interface OutageAnswer {
  readonly calls: number;
  readonly failed: number;
  /** Exchanges with the login while it was down; none = the window was not entered. */
  readonly attempts: number;
  /** Logins that worked after it. */
  readonly renewed: number;
  /** Rejected promises that nobody handled: Node ends a process for one. */
  readonly unhandled: number;
}

const { contender, outage } = readInput<OutageInput>();

/** Seconds. Azure's window is two minutes, that of undici-oidc is between 30 and 10 seconds before the end; Google's and the memo's are five minutes. */
function lifetimeOf(): number {
  if (contender === ours) return 12;
  return contender === undiciOidc ? 26 : contender === azure ? 60 : 120;
}

let unhandled = 0;
process.on('unhandledRejection', () => (unhandled += 1));

await using vendor = await startVendor({ lifetime: lifetimeOf() * 1_000 });
const client = contender === ours ? openOurs(vendor, { refreshBefore: 9_000 }) : (await loadPeer(contender)).open(vendorAt(vendor.url));
const url = `${vendor.url}${callPath}`;
let calls = 0;
let failed = 0;

async function callFor(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    calls += 1;
    const status = await client.call(url).catch(() => 0);
    if (status !== 200) failed += 1;
    await pause(20);
  }
}

await client.call(url);
await vendor.tell('forget counts');
await vendor.tell('down');
await callFor(outage);
const { counts } = await vendor.tell('up');
await callFor(3_500);
const after = await vendor.tell('report');
await answer({
  calls,
  failed,
  attempts: counts.logins,
  renewed: after.counts.logins - counts.logins,
  unhandled,
} satisfies OutageAnswer);
