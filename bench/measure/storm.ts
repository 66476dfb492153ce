/** A token that the vendor rejects while many requests use it: how many logins follow, and how many requests fail. */
import { answer, readInput } from '../harness/own-process.ts';
import { startVendor } from '../harness/vendor.ts';
import { loadPeers } from '../peers/load.ts';
import { handWritten, libraries, loginEachTime, ours } from '../peers/names.ts';
import { callPath, type Peer, vendorAt } from '../peers/peer.ts';

export interface StormInput {
  readonly requests: number;
}

export interface StormAnswer {
  readonly name: string;
  readonly logins: number;
  readonly failed: number;
}

const { requests } = readInput<StormInput>();

async function storm(peer: Peer): Promise<StormAnswer> {
  await using vendor = await startVendor({ loginTime: 20, callTime: 100, singleSession: true });
  const { call } = peer.open(vendorAt(vendor.url));
  const url = `${vendor.url}${callPath}`;
  await call(url);
  await vendor.tell('revoke');
  await vendor.tell('forget counts');
  const settled = await Promise.allSettled(Array.from({ length: requests }, () => call(url)));
  const { counts } = await vendor.tell('report');
  return { name: peer.name, logins: counts.logins, failed: settled.filter((one) => one.status === 'rejected' || one.value !== 200).length };
}

const all: StormAnswer[] = [];
for (const peer of await loadPeers([ours, handWritten, loginEachTime, ...libraries])) all.push(await storm(peer));
await answer(all);
