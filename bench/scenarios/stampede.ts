import { askProcess } from '../harness/own-process.ts';
import type { StampedeAnswer, StampedeInput } from '../measure/stampede.ts';
import * as names from '../peers/names.ts';
import { notShared } from './notes.ts';
import type { RunOptions, Scenario, Table } from '../report/table.ts';

const count = 1_000;

const notes: Readonly<Record<string, string>> = {
  [names.google]: notShared,
  [names.simpleOauth2]: 'keeps no token: the memo shares no login',
};

async function run({ quick }: RunOptions): Promise<Table[]> {
  const input: StampedeInput = { callers: quick ? 100 : count };
  const answers = await askProcess<StampedeAnswer[]>('measure/stampede.ts', { input });
  return [
    {
      title: `${input.callers.toLocaleString('en-US')} callers without a token, all at once:`,
      columns: [
        { title: 'logins', digits: 0 },
        { title: 'failed', digits: 0 },
      ],
      rows: [
        { name: 'one for all', role: 'limit', cells: [1, 0] },
        ...answers.map(({ name, logins, failed }) => ({
          name,
          role: name === names.ours ? ('ours' as const) : ('other' as const),
          cells: [logins, failed],
          ...(notes[name] === undefined ? {} : { note: notes[name] }),
        })),
      ],
    },
  ];
}

export const stampede: Scenario = {
  name: 'stampede',
  title: 'Many callers without a token',
  means: ['How many logins the vendor counted. A login takes 100 ms here, and all callers come before it ends.'],
  meansNot: ['anything of several processes: see below.'],
  run,
};
