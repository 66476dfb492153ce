/** Callers without a token, all at once: how many logins the vendor sees. */
import { answer, readInput } from '../harness/own-process.ts';
import { startVendor } from '../harness/vendor.ts';
import { loadPeers } from '../peers/load.ts';
import { handWritten, libraries, loginEachTime, ours } from '../peers/names.ts';
import { callPath, type Peer, vendorAt } from '../peers/peer.ts';

export interface StampedeInput {
  readonly callers: number;
}

export interface StampedeAnswer {
  readonly name: string;
  readonly logins: number;
  readonly failed: number;
}

const { callers } = readInput<StampedeInput>();

async function stampede(peer: Peer): Promise<StampedeAnswer> {
  await using vendor = await startVendor({ loginTime: 100 });
  const { getToken, call } = peer.open(vendorAt(vendor.url));
  const ask = getToken ?? (() => call(`${vendor.url}${callPath}`));
  const settled = await Promise.allSettled(Array.from({ length: callers }, ask));
  const { counts } = await vendor.tell('report');
  return { name: peer.name, logins: counts.logins, failed: settled.filter(({ status }) => status === 'rejected').length };
}

const all: StampedeAnswer[] = [];
for (const peer of await loadPeers([ours, handWritten, loginEachTime, ...libraries])) all.push(await stampede(peer));
await answer(all);
