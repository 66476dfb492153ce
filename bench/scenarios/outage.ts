import { askProcess } from '../harness/own-process.ts';
import type { OutageAnswer, OutageInput } from '../measure/outage.ts';
import * as names from '../peers/names.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

const contenders = [names.ours, names.undiciOidc, names.azure, names.google, names.simpleOauth2];

/** Who renews no token before its end cannot be asked how it does that. */
const without = [names.badgateway, names.asyncCacheDedupe, names.handWritten];

async function rowOf(contender: string, outage: number): Promise<Row> {
  const input: OutageInput = { contender, outage };
  const { calls, failed, attempts, renewed, unhandled } = await askProcess<OutageAnswer>('measure/outage.ts', { input });
  return {
    name: contender,
    role: contender === names.ours ? 'ours' : 'other',
    cells: [attempts > 0 ? 'yes' : 'no', attempts, failed, calls, renewed > 0 ? 'yes' : 'no'],
    ...(unhandled === 0 ? {} : { note: `${unhandled} rejections that nobody handles: one of them ends a process` }),
  };
}

async function run({ quick }: RunOptions): Promise<Table[]> {
  // At the same time: they wait, most of the time.
  const rows = await Promise.all(contenders.map((contender) => rowOf(contender, quick ? 4_000 : 6_000)));
  const note = 'takes no part: it renews a token when it has ended, and everybody waits for that';
  return [
    {
      title: 'The login is down while a token that works should be renewed:',
      columns: [
        { title: 'window entered', digits: 0 },
        { title: 'exchanges with the login that is down', digits: 0 },
        { title: 'requests that failed', digits: 0 },
        { title: 'requests', digits: 0 },
        { title: 'renewed afterwards', digits: 0 },
      ],
      rows: [
        { name: 'one try, no harm', role: 'limit', cells: ['yes', 1, 0, '–', 'yes'] },
        ...rows,
        ...without.map((name): Row => ({ name, role: 'other', cells: [], note })),
      ],
    },
  ];
}

export const outage: Scenario = {
  name: 'outage',
  title: 'The login is down ahead of a token’s end',
  means: [
    'The login answers HTTP 503 for some seconds, while requests go on with a token that has not ended. Each contender gets tokens with a life that puts it into its own window.',
    'The window counts as entered if the vendor saw an attempt. Each attempt adds to the load of a vendor that is down.',
  ],
  meansNot: ['how long an outage each survives: that is the length of its window, an option with some and fixed with others.'],
  run,
};
