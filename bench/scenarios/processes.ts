import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nextMessage, startProcess } from '../harness/own-process.ts';
import { type RedisProcess, startRedis } from '../harness/redis.ts';
import { ratiosTo, spreadOf } from '../harness/statistics.ts';
import { startVendor } from '../harness/vendor.ts';
import type { OneOfManyAnswer, OneOfManyInput } from '../measure/one-of-many.ts';
import * as names from '../peers/names.ts';
import { notShared } from './notes.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

interface Outcome {
  readonly logins: number;
  readonly failed: number;
  /** Milliseconds until all are done. */
  readonly time: number;
}

interface Places {
  readonly directory: string;
  readonly redis: RedisProcess;
}

const processes = 8;
const atOnce = 4;
const [fixed, onSqlite, onRedis] = ['a fixed header', 'these packages, SQLite', 'these packages, Redis'];

const others = [
  names.handWritten,
  names.loginEachTime,
  names.undiciOidc,
  names.badgateway,
  names.azure,
  names.google,
  names.simpleOauth2,
  names.asyncCacheDedupe,
];

const notes: Readonly<Record<string, string>> = {
  [names.badgateway]: 'its hooks for a stored token have no lock, and are asked once',
  [names.google]: notShared,
  [names.simpleOauth2]: 'replaces no rejected token',
  [names.asyncCacheDedupe]: 'replaces no rejected token; its Redis storage needs another client, and has no lock',
};

/** Several processes, from the word to begin until all are done. */
async function runOnce(contender: string, requests: number, round: number, { directory, redis }: Places): Promise<Outcome> {
  await using vendor = await startVendor({ loginTime: 50, callTime: 20, singleSession: true });
  const token = contender === fixed ? await logIn(vendor.url) : undefined;
  const input: OneOfManyInput = {
    contender,
    vendorUrl: vendor.url,
    requests: requests / processes,
    atOnce,
    ...(contender === onSqlite ? { sqlitePath: join(directory, `${round}.db`) } : {}),
    ...(contender === onRedis ? { redisUrl: redis.url } : {}),
    ...(token === undefined ? {} : { token }),
  };
  const children = Array.from({ length: processes }, () => startProcess('measure/one-of-many.ts', { input }));
  await Promise.all(children.map((child) => nextMessage(child)));
  await vendor.tell('forget counts');
  const began = performance.now();
  for (const child of children) child.send('begin');
  const answers = await Promise.all(children.map((child) => nextMessage<OneOfManyAnswer>(child)));
  const time = performance.now() - began;
  const { counts } = await vendor.tell('report');
  await Promise.all(
    children.map(async (child) => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }),
  );
  return { logins: counts.logins, failed: answers.reduce((sum, { failed }) => sum + failed, 0), time };
}

async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/login`, { method: 'POST' });
  const { value } = (await response.json()) as { value: string }; // the bench's own vendor sends nothing else
  return value;
}

function rowOf(name: string, outcomes: readonly Outcome[], limit: readonly Outcome[]): Row {
  const times = outcomes.map(({ time }) => time);
  const most = (what: 'logins' | 'failed'): number => Math.max(...outcomes.map((outcome) => outcome[what]));
  const ratio = spreadOf(
    ratiosTo(
      limit.map(({ time }) => time),
      times,
    ),
  );
  const note = notes[name];
  const role = name === fixed ? 'limit' : name.startsWith('these') ? 'ours' : 'other';
  const logins = name === fixed ? 1 : most('logins');
  return { name, role, cells: [logins, most('failed'), spreadOf(times), ratio], ...(note === undefined ? {} : { note }) };
}

async function run({ quick }: RunOptions): Promise<Table[]> {
  const requests = quick ? 400 : 1_600;
  const rounds = quick ? 1 : 5;
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const outcomes = new Map<string, Outcome[]>([fixed, onSqlite, onRedis, ...others].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, list] of outcomes) {
      // How the others fare is a matter of counts: once is enough.
      if (round > 0 && others.includes(name)) continue;
      await using redis = await startRedis();
      list.push(await runOnce(name, requests, round, { directory, redis }));
    }
  }
  rmSync(directory, { recursive: true });
  const limit = outcomes.get(fixed) ?? [];
  return [
    {
      title: `${processes} processes, ${requests.toLocaleString('en-US')} requests on one account:`,
      columns: [
        { title: 'logins', digits: 0 },
        { title: 'failed', digits: 0 },
        { title: 'ms until all are done', digits: 0 },
        { title: 'times the limit', digits: 2 },
      ],
      rows: [...outcomes].map(([name, list]) => rowOf(name, list, limit)),
    },
  ];
}

export const severalProcesses: Scenario = {
  name: 'processes',
  title: 'Several processes, one account',
  means: [
    'All but the fixed header begin without a token, all at the same moment, with four requests at once each. A login takes 50 ms and ends the token of the one before; a request takes up to 18 ms. Our stores are those of SQLite and Redis; the others are used as they are, each process for itself.',
    'Ours and the fixed header run in five rounds, the others in one. Logins and failures are the most of any round. The time has our look-ups, leases and the key of the password in it.',
  ],
  meansNot: [
    'anything about a vendor that lets a token live beside the next. There no login ends a token, and most of the others log in once a process.',
  ],
  run,
};
