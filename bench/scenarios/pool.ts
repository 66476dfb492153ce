import { askProcess } from '../harness/own-process.ts';
import { type Spread, spreadOf } from '../harness/statistics.ts';
import type { PoolAnswer, PoolInput } from '../measure/pool.ts';
import * as names from '../peers/names.ts';
import type { Column, Row, RunOptions, Scenario, Table } from '../report/table.ts';

const contenders: readonly (readonly [contender: string, name: string, role: Row['role'], note?: string])[] = [
  ['map', 'a `Map` of texts', 'limit'],
  ['pool', 'a pool, its store included', 'ours'],
  [names.handWritten, 'hand-written: a promise that is kept, and its end, in a `Map`', 'other'],
  [names.badgateway, '@badgateway/oauth2-client, in a `Map`', 'other'],
  [names.azure, '@azure/core-rest-pipeline, a policy each, in a `Map`', 'other'],
  [names.google, 'google-auth-library, in a `Map`', 'other'],
  [names.simpleOauth2, 'simple-oauth2, in a `Map`', 'other'],
  [names.asyncCacheDedupe, 'async-cache-dedupe, a cache each, in a `Map`', 'other'],
];

const flags = ['--single-threaded', '--expose-gc'];

/** An account of a library may take 20 KB. */
const most = 10_000;

async function rowOf(contender: string, name: string, role: Row['role'], sizes: readonly number[]): Promise<Row> {
  const bytes: (number | string)[] = [];
  const times: (Spread | string)[] = [];
  const timesOfTen: (Spread | string)[] = [];
  for (const accounts of sizes) {
    if (role === 'other' && accounts > most) {
      bytes.push('–');
      times.push('–');
      timesOfTen.push('–');
      continue;
    }
    const input: PoolInput = { accounts, contender };
    const measured = await askProcess<PoolAnswer>('measure/pool.ts', { input, flags });
    bytes.push(accounts < 1_000 ? '–' : measured.bytes);
    times.push(spreadOf(measured.get));
    timesOfTen.push(spreadOf(measured.getOfTen));
  }
  return { name, role, cells: [...bytes, ...times, ...timesOfTen.slice(1)] };
}

function columnsOf(sizes: readonly number[]): Column[] {
  const counts = sizes.map((size) => size.toLocaleString('en-US'));
  return [
    ...counts.map((count) => ({ title: `bytes each, of ${count}`, digits: 0 })),
    ...counts.map((count) => ({ title: `ns for one of ${count}`, digits: 0 })),
    ...counts.slice(1).map((count) => ({ title: `ns for one of the same ten of ${count}`, digits: 0 })),
  ];
}

async function run({ quick }: RunOptions): Promise<Table[]> {
  const sizes = quick ? [10, 1_000, 20_000] : [10, 1_000, 100_000];
  const rows: Row[] = [];
  for (const [contender, name, role] of contenders) rows.push(await rowOf(contender, name, role, sizes));
  rows.push({ name: names.undiciOidc, role: 'other', cells: [], note: 'takes no part: it hands no token out' });
  return [{ title: 'Accounts with a token of 100 characters each:', columns: columnsOf(sizes), rows }];
}

export const pool: Scenario = {
  name: 'pool',
  title: 'Many accounts in one process',
  means: [
    'Bytes of memory (heap and what belongs to it outside) for each account with its token, after the collector has run. For ours that is a provider and its entry in the store of the pool. Fewer than a thousand accounts cannot be told from noise.',
    'The time is that of `pool.get(key)`, or of `Map.get(key)`, in an order in which neighbours are far apart. With many accounts it also waits for memory, as that of a `Map` of texts does. The last columns ask for the same ten again and again: there it does not wait.',
  ],
  meansNot: ['what a login leaves behind at the vendor or in a store elsewhere.'],
  run,
};
