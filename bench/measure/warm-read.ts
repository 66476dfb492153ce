/** What a read of a token that is there costs: nanoseconds, and counted bytes of heap. */
import { bytesPerCall } from '../harness/heap.ts';
import { ownLoops } from '../harness/loops.ts';
import { answer, readInput } from '../harness/own-process.ts';
import { datacomsysOverStub, esignonOverStub, origin, tokenText } from '../harness/providers.ts';
import { interleave, type Measure, type Samples } from '../harness/rounds.ts';
import { loadPeers } from '../peers/load.ts';
import { handWritten, libraries } from '../peers/names.ts';
import type { LoggedIn } from '../peers/peer.ts';

export interface WarmReadInput {
  readonly rounds: number;
  readonly reads: number;
}

export interface WarmReadSamples {
  readonly awaited: Samples;
  readonly called: Samples;
  readonly bytes: Record<string, number>;
}

const { rounds, reads } = readInput<WarmReadInput>();

const esignon = esignonOverStub();
const datacomsys = datacomsysOverStub();
const token = await esignon.getToken();
await datacomsys.getToken();

const resolved = Promise.resolve(token);
/** Read, so that the engine cannot leave the clocks out. */
let clocks = 0;

const awaited: Record<string, () => unknown> = {
  limit: () => resolved,
  'limit, wall clock': () => {
    clocks = Date.now();
    return resolved;
  },
  'limit, both clocks': () => {
    clocks = Date.now() + performance.now();
    return resolved;
  },
  'ours, with an end': () => esignon.getToken(),
  'ours, without an end': () => datacomsys.getToken(),
};

const called: Record<string, () => unknown> = {
  limit: () => token,
  'limit, wall clock': () => Date.now(),
  'limit, both clocks': () => Date.now() + performance.now(),
  'ours, with an end': () => esignon.peekToken(),
  'ours, without an end': () => datacomsys.peekToken(),
};

/** A JWT that ends in 2099: one of the libraries reads it. */
const first: LoggedIn = { value: tokenText, expiresAt: Date.UTC(2099, 0, 1) };
for (const peer of await loadPeers([handWritten, ...libraries])) {
  const { getToken } = peer.open({ login: async () => first, url: origin, tokenUrl: `${origin}/token`, first });
  if (getToken !== undefined) awaited[peer.name] = getToken;
}

const bytes: Record<string, number> = {};
const measureAwaited: Record<string, Measure> = {};
for (const [name, read] of Object.entries(awaited)) {
  const { awaitReads } = await ownLoops(`await ${name}`);
  measureAwaited[name] = () => awaitReads(read, reads);
}
const measureCalled: Record<string, Measure> = {};
for (const [name, read] of Object.entries(called)) {
  const { callReads } = await ownLoops(`call ${name}`);
  measureCalled[name] = () => callReads(read, reads * 10);
}

const samples = {
  awaited: await interleave(measureAwaited, { rounds, warmUp: 3 }),
  called: await interleave(measureCalled, { rounds, warmUp: 3 }),
};
for (const [name, read] of Object.entries(awaited)) {
  const { awaitReads } = await ownLoops(`await ${name}`);
  bytes[name] = await bytesPerCall((times) => awaitReads(read, times), 100_000);
}
for (const [name, read] of Object.entries(called)) {
  const { callReads } = await ownLoops(`call ${name}`);
  bytes[`peek ${name}`] = await bytesPerCall((times) => callReads(read, times), 100_000);
}
if (clocks < 0) throw new Error('the clock runs before 1970');
await answer({ ...samples, bytes } satisfies WarmReadSamples);
