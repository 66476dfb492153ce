import { createClient } from 'redis';

import { askProcess } from '../harness/own-process.ts';
import { startRedis } from '../harness/redis.ts';
import { quantile } from '../harness/statistics.ts';
import { startVendor } from '../harness/vendor.ts';
import type { FleetAnswer, FleetInput } from '../measure/fleet.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

/** How long the vendor takes for a login, in milliseconds. */
const loginTime = 500;

interface Count {
  /** What a client sent. */
  readonly scripts: number;
  /** What the server carried out: the scripts, and the commands in them. */
  readonly commands: number;
  /** Microseconds of the server's CPU for all that it did: reading, scripts, answers. */
  readonly cpu: number;
}

/** What Redis itself says. */
async function count(url: string): Promise<Count> {
  const client = await createClient({ url }).connect();
  const lines = (await client.info('commandstats')).matchAll(/^cmdstat_(\w+):calls=(\d+)/gm);
  const all = [...lines].map(([, name = '', calls = '0']) => ({ name, calls: Number(calls) }));
  const seconds = [...(await client.info('cpu')).matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)].map(([, value]) => Number(value));
  await client.close();
  const scripts = all.find(({ name }) => name === 'eval');
  const ofScripts = all.filter(({ name }) => ['eval', 'get', 'set', 'del', 'pttl'].includes(name));
  return {
    scripts: scripts?.calls ?? 0,
    commands: ofScripts.reduce((sum, { calls }) => sum + calls, 0),
    cpu: seconds.reduce((sum, value) => sum + value, 0) * 1_000_000,
  };
}

async function rowOf(providers: number): Promise<Row> {
  await using redis = await startRedis();
  await using vendor = await startVendor({ loginTime, lifetime: 86_400_000 });
  const before = await count(redis.url);
  const input: FleetInput = { providers, redisUrl: redis.url, vendorUrl: vendor.url };
  const { arrived, sent, failed } = await askProcess<FleetAnswer>('measure/fleet.ts', { input });
  if (failed.length > 0) throw new Error(`${failed.length} of ${providers} providers have no token: ${failed[0]}`);
  const { counts, lastLogin } = await vendor.tell('report');
  const { scripts, commands, cpu } = await count(redis.url);
  // While all wait: from a moment after the start, when everybody has looked once, to the end of the login.
  const from = lastLogin - loginTime / 2;
  const waiting = sent.filter((at) => at >= from && at <= lastLogin).length;
  const rate = waiting / providers / (loginTime / 2 / 1_000);
  const after = (share: number): number =>
    quantile(
      arrived.map((at) => at - lastLogin),
      share,
    ) / 1_000;
  return {
    name: providers.toLocaleString('en-US'),
    role: 'ours',
    cells: [counts.logins, scripts / providers, commands / providers, rate, after(0.5), after(1), (cpu - before.cpu) / scripts],
  };
}

const columns = [
  { title: 'logins', digits: 0 },
  { title: 'scripts each', digits: 1 },
  { title: 'commands each', digits: 1 },
  { title: 'scripts a second, each, while it waits', digits: 1 },
  { title: 'half have a token after the login’s end, s', digits: 2 },
  { title: 'the last has one, s', digits: 2 },
  { title: 'µs of Redis’s CPU for a script', digits: 1 },
];

async function run({ quick }: RunOptions): Promise<Table[]> {
  const rows: Row[] = [{ name: 'limit: a look, and one more after the login', role: 'limit', cells: [1, 2, 4, 0, 0, 0, '–'] }];
  for (const providers of quick ? [50, 200] : [50, 500, 2_000]) rows.push(await rowOf(providers));
  return [{ title: 'Providers that start cold at once:', columns, rows }];
}

export const fleet: Scenario = {
  name: 'fleet',
  title: 'A fleet that starts cold',
  means: [
    'So many providers with a store of their own, as on so many machines, start at the same moment on one account over one Redis. One of them logs in, which takes 500 ms; the others ask the store again and again.',
    'Scripts are what Redis counts by itself (`INFO commandstats`, `cmdstat_eval`); commands are these and what they call.',
    'The providers share 20 connections, which changes no count. The key of their password is derived once: each machine would derive its own, in 30 to 50 ms of CPU. `storeTimeout` is ten seconds: one process cannot read 2,000 answers at once as fast as 2,000 machines.',
  ],
  meansNot: ['how fast 2,000 machines are: here all of them are one process on one machine, and share its CPU with Redis.'],
  run,
};
