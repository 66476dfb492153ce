/**
 * Both providers and both clients at work for a while, with vendors that fail, stores that come and go and clocks that step:
 *
 *   pnpm soak [--seconds N] [--seed N]
 *
 * Exit status 1 where a request was lost or sent twice without cause, a secret showed, something was not handled, or memory grew.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { datacomsysAccount, esignonAccount } from './accounts.ts';
import { callUntil, type Caller, noOutcomes, type Outcomes } from './callers.ts';
import { createClients } from './clients.ts';
import { createSubjects } from './providers.ts';
import { chanceFrom } from './random.ts';
import { startVendors, type VendorReport } from './vendors.ts';
import { startWatch, type Watch } from './watch.ts';
import { startWeather } from './weather.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '120' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (!(seconds > 0 && seconds <= 3_600 && Number.isSafeInteger(seed)))
  throw new RangeError('soak: expected --seconds 1 to 3600 and --seed N');

/** A run whose memory grows by more has a leak: what differs between two collections is less. */
const mayGrow = 4 * 2 ** 20;

interface Memory {
  readonly start: number;
  readonly end: number;
}

async function soak(): Promise<boolean> {
  console.log(`seed ${seed}, ${seconds} s`);
  const directory = mkdtempSync(join(tmpdir(), 'auth-soak-'));
  using watch = startWatch([esignonAccount.password, datacomsysAccount.password]);
  try {
    await using vendors = await startVendors(seed, watch.issued);
    const chance = chanceFrom(seed);
    using weather = startWeather(chance.fork('weather'));
    const subjects = createSubjects(vendors.urls, join(directory, 'tokens.db'), weather, chance);
    const callers = subjects.flatMap((subject, at) =>
      createClients(subject.provider).map((client, kind): Caller => {
        const name = `${subject.vendor}-${at}-${kind}`;
        return { subject, client, chance: chance.fork(name), name };
      }),
    );
    const outcomes = noOutcomes();
    const listener = { look: watch.look, answeredWell: vendors.answeredWell };
    const call = (deadline: number): Promise<unknown> =>
      Promise.all(callers.map((caller) => callUntil(deadline, caller, outcomes, listener)));
    const memory = await measureBetween(call);
    return report(outcomes, await vendors.report(), watch, memory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A third of the time everything warms up; what is in use is measured then and at the end, while nothing is under way. */
async function measureBetween(call: (deadline: number) => Promise<unknown>): Promise<Memory> {
  const began = performance.now();
  await call(began + (seconds * 1_000) / 3);
  const start = memoryInUse();
  await call(began + seconds * 1_000);
  return { start, end: memoryInUse() };
}

function memoryInUse(): number {
  if (globalThis.gc === undefined) throw new Error('soak: start it with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Prints what happened; the last line tells all that counts. Returns whether all is well. */
function report(outcomes: Outcomes, vendors: VendorReport, watch: Watch, { start, end }: Memory): boolean {
  const ends = [...outcomes.ends].toSorted(([, a], [, b]) => b - a).map(([how, times]) => `${how} ${times}`);
  console.log(`requests ended: ${ends.join(', ')}`);
  console.log(`${watch.looks} errors, events and lines looked at`);
  const good = outcomes.ends.get('good') ?? 0;
  const problems = {
    'not handled': watch.unhandled,
    'answered as if carried out, and not': vendors.neverDone,
    "another request's answer": outcomes.mixedUp,
    'sent twice': vendors.sentTwice,
    'a secret seen': watch.secretsSeen,
    'memory grew': end - start > mayGrow ? [`by ${megabytes(end - start)}`] : [],
    'most requests fail': good < outcomes.begun / 3 ? [`${good} of ${outcomes.begun} were answered well`] : [],
  };
  for (const [what, which] of Object.entries(problems)) for (const one of which.slice(0, 5)) console.log(`${what}: ${one}`);
  console.log(
    `${outcomes.begun} requests, ${vendors.logins} logins, ${vendors.faults} faults, ${outcomes.lost} lost, ` +
      `${vendors.sentTwice.length} sent twice without cause, ${watch.secretsSeen.length} secrets seen, ` +
      `${megabytes(start)} at the start and ${megabytes(end)} at the end`,
  );
  return outcomes.lost === 0 && Object.values(problems).every((which) => which.length === 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

process.exit((await soak()) ? 0 : 1);
