import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { interleave } from '../harness/rounds.ts';
import { ratiosTo, spreadOf } from '../harness/statistics.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

const contenders: Readonly<Record<string, { readonly role: Row['role']; readonly modules: readonly string[] }>> = {
  'undici and valibot alone': { role: 'limit', modules: ['undici', 'valibot'] },
  eSignon: { role: 'ours', modules: ['@x/esignon-auth', 'undici'] },
  DataComSys: { role: 'ours', modules: ['@x/datacomsys-auth', 'undici'] },
  'undici-oidc-interceptor': { role: 'other', modules: ['undici-oidc-interceptor', 'undici7'] },
  '@badgateway/oauth2-client': { role: 'other', modules: ['@badgateway/oauth2-client'] },
  '@azure/core-rest-pipeline, bearer policy': { role: 'other', modules: ['@azure/core-rest-pipeline'] },
  'google-auth-library': { role: 'other', modules: ['google-auth-library'] },
  'simple-oauth2': { role: 'other', modules: ['simple-oauth2'] },
  'async-cache-dedupe': { role: 'other', modules: ['async-cache-dedupe'] },
};

const notes: Readonly<Record<string, string>> = {
  'undici-oidc-interceptor': 'with undici 7, which it depends on',
  '@badgateway/oauth2-client': 'uses Node’s own fetch',
};

const script = join(import.meta.dirname, '../measure/import-time.mjs');

/** Milliseconds of CPU. */
async function measureImport(modules: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--single-threaded', script, ...modules]);
  return Number(stdout);
}

async function run({ quick }: RunOptions): Promise<Table[]> {
  const measures = Object.entries(contenders).map(([name, { modules }]) => [name, () => measureImport(modules)] as const);
  const samples = await interleave(Object.fromEntries(measures), { rounds: quick ? 3 : 25, warmUp: 1 });
  const limit = samples['undici and valibot alone'] ?? [];
  const rows = Object.entries(contenders).map(([name, { role }]): Row => {
    const values = samples[name] ?? [];
    const note = notes[name];
    return { name, role, cells: [spreadOf(values), spreadOf(ratiosTo(limit, values))], ...(note === undefined ? {} : { note }) };
  });
  return [
    {
      title: 'CPU of the import in a fresh process:',
      columns: [
        { title: 'ms of CPU', digits: 1 },
        { title: 'times the limit', digits: 2 },
      ],
      rows,
    },
  ];
}

export const importTime: Scenario = {
  name: 'import',
  title: 'Import',
  means: [
    'CPU from before the import until the module is there, on one thread and without a compile cache. Each time it is a process of its own that has loaded nothing else before. Ours are measured with undici, which they need.',
  ],
  meansNot: ['what the start of Node itself costs, which is the same for everybody.'],
  run,
};
