import { askProcess } from '../harness/own-process.ts';
import { ratiosTo, spreadOf } from '../harness/statistics.ts';
import type { FirstTokenAnswer, FirstTokenInput } from '../measure/first-token.ts';
import * as names from '../peers/names.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

const titles: Readonly<Record<string, string>> = {
  limit: 'the bare exchange, its answer read as JSON',
  ours: 'these packages (eSignon)',
  'ours, SQLite': 'these packages, into a new SQLite file',
};

const notes: Readonly<Record<string, string>> = {
  'ours, SQLite': 'opens the file, and derives the key of the password (slow by intention)',
};

async function run({ quick }: RunOptions): Promise<Table[]> {
  const input: FirstTokenInput = quick ? { rounds: 4, logins: 20 } : { rounds: 20, logins: 60 };
  const { cpu, time } = await askProcess<FirstTokenAnswer>('measure/first-token.ts', { input });
  const limit = cpu['limit'] ?? [];
  const rows = Object.entries(cpu).map(([name, values]): Row => {
    const note = notes[name];
    return {
      name: titles[name] ?? name,
      role: name === 'limit' ? 'limit' : name.startsWith('ours') ? 'ours' : 'other',
      cells: [spreadOf(values.map((value) => value / 1_000)), spreadOf(ratiosTo(limit, values)), spreadOf(time[name] ?? [])],
      ...(note === undefined ? {} : { note }),
    };
  });
  rows.push({ name: names.undiciOidc, role: 'other', cells: [], note: 'takes no part: it hands no token out' });
  return [
    {
      title: 'A first token:',
      columns: [
        { title: 'ms of CPU', digits: 2 },
        { title: 'times the limit', digits: 2 },
        { title: 'ms until it is there', digits: 2 },
      ],
      rows,
    },
  ];
}

export const firstToken: Scenario = {
  name: 'first',
  title: 'The first token',
  means: [
    'A new provider, or a new client of a library, and its first token from a vendor in another process on loopback, which answers at once; connections are open already.',
    'The libraries are given a login over Node’s `fetch`, which costs more than undici’s `request`; `simple-oauth2` sends its own.',
  ],
  meansNot: ['that anybody waits for it: a login over a network usually takes 50 ms or more.'],
  run,
};
