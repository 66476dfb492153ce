import { askProcess } from '../harness/own-process.ts';
import type { StormAnswer, StormInput } from '../measure/storm.ts';
import * as names from '../peers/names.ts';
import { notShared } from './notes.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

const notes: Readonly<Record<string, string>> = {
  [names.google]: notShared,
  [names.simpleOauth2]: 'replaces no rejected token',
  [names.asyncCacheDedupe]: 'replaces no rejected token',
};

function rowOf({ name, logins, failed }: StormAnswer): Row {
  const note = notes[name];
  return { name, role: name === names.ours ? 'ours' : 'other', cells: [logins, failed], ...(note === undefined ? {} : { note }) };
}

async function run({ quick }: RunOptions): Promise<Table[]> {
  const input: StormInput = { requests: quick ? 50 : 200 };
  const answers = await askProcess<StormAnswer[]>('measure/storm.ts', { input });
  return [
    {
      title: `${input.requests} requests under way when the vendor ends their token:`,
      columns: [
        { title: 'logins', digits: 0 },
        { title: 'failed', digits: 0 },
      ],
      rows: [{ name: 'one for all', role: 'limit', cells: [1, 0] }, ...answers.map((one) => rowOf(one))],
    },
  ];
}

export const storm: Scenario = {
  name: 'storm',
  title: 'A token that is rejected',
  means: [
    'The vendor ends the token, and so many requests with it arrive. Each is rejected after 0 to 90 ms, so that some rejections come when there is a new token. A login takes 20 ms and ends the token of the one before.',
    'A request counts as failed if its caller does not get HTTP 200.',
  ],
  meansNot: [
    'how rejections are spread with a vendor of yours: with other times other numbers come out for whoever logs in more than once.',
  ],
  run,
};
