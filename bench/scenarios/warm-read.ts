import { askProcess } from '../harness/own-process.ts';
import { joinSamples, type Samples } from '../harness/rounds.ts';
import { ratiosTo, spreadOf } from '../harness/statistics.ts';
import type { WarmReadInput, WarmReadSamples } from '../measure/warm-read.ts';
import * as names from '../peers/names.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

const flags = ['--single-threaded', '--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

const limits: Readonly<Record<string, string>> = {
  limit: 'an awaited resolved promise',
  'limit, wall clock': 'the same, and one read of the wall clock',
  'limit, both clocks': 'the same, and one read of both clocks',
};
const bare: Readonly<Record<string, string>> = {
  limit: 'a variable',
  'limit, wall clock': 'one read of the wall clock',
  'limit, both clocks': 'one read of both clocks',
};
const own: Readonly<Record<string, string>> = {
  'ours, with an end': 'a token with an end (eSignon)',
  'ours, without an end': 'a token without an end (DataComSys)',
};

interface Reads {
  readonly samples: Samples;
  readonly bytes: Readonly<Record<string, number>>;
  /** What the limits are called. */
  readonly titles: Readonly<Record<string, string>>;
  readonly method: string;
  /** The limits that the ratios are to, one for each column of ratios. */
  readonly bases: readonly string[];
}

function rowsOf({ samples, bytes, titles, method, bases }: Reads): Row[] {
  return Object.entries(samples).map(([name, values]) => {
    const role = name.startsWith('limit') ? 'limit' : name.startsWith('ours') ? 'ours' : 'other';
    const ratios = bases.map((base) => spreadOf(ratiosTo(samples[base] ?? [], values)));
    const extra = (bytes[name] ?? 0) - (bytes['limit'] ?? 0);
    const title = own[name] === undefined ? (titles[name] ?? name) : `${method}, ${own[name]}`;
    return { name: title, role, cells: [spreadOf(values), ...ratios, Math.max(0, extra)] };
  });
}

const nanoseconds = { title: 'ns', digits: 1 };
const toClocks = { title: 'times the limit with both clocks', digits: 2 };
const bytesOver = { title: 'bytes of heap over the limit', digits: 0 };

async function run({ quick }: RunOptions): Promise<Table[]> {
  const input: WarmReadInput = quick ? { rounds: 8, reads: 20_000 } : { rounds: 25, reads: 60_000 };
  const all: WarmReadSamples[] = [];
  for (let nth = 0; nth < (quick ? 1 : 3); nth += 1) all.push(await askProcess('measure/warm-read.ts', { input, flags }));
  const bytes = all[0]?.bytes ?? {};
  const ofPeek = Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name.replace(/^peek /, ''), value]));
  const awaited = joinSamples(all.map((samples) => samples.awaited));
  const called = joinSamples(all.map((samples) => samples.called));
  const noRead: Row = { name: names.undiciOidc, role: 'other', cells: [], note: 'takes no part: it hands no token out' };
  const both = ['limit', 'limit, both clocks'];
  return [
    {
      title: 'An awaited read:',
      columns: [nanoseconds, { title: 'times the limit', digits: 2 }, toClocks, bytesOver],
      rows: [...rowsOf({ samples: awaited, bytes, titles: limits, method: '`getToken()`', bases: both }), noRead],
    },
    {
      title: 'A synchronous read, of ours alone:',
      columns: [nanoseconds, toClocks, bytesOver],
      rows: rowsOf({ samples: called, bytes: ofPeek, titles: bare, method: '`peekToken()`', bases: ['limit, both clocks'] }),
    },
  ];
}

export const warmRead: Scenario = {
  name: 'warm',
  title: 'Reading a token that is there',
  means: [
    'Nanoseconds of one read, many in a row, in three processes one after the other; each contender has a loop of its own, which is compiled for it alone.',
    'Where a token ends, time has to be asked. A wall clock may be set back, and a monotonic clock may stand still while a machine sleeps: who wants to be right after both reads two clocks. A token without an end needs none.',
    'Bytes of heap are counted, not sampled: nothing is collected meanwhile.',
    'Azure’s policy hands no token out: its row is the policy around a request that is answered at once.',
  ],
  meansNot: ['that a user would notice. A request to a vendor takes about a hundred thousand times as long.'],
  run,
};
