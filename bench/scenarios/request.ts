import { askProcess } from '../harness/own-process.ts';
import { ratiosTo, spreadOf } from '../harness/statistics.ts';
import type { RequestInput, RequestSamples } from '../measure/request.ts';
import type { SocketsAnswer, SocketsInput } from '../measure/sockets.ts';
import * as names from '../peers/names.ts';
import type { Row, RunOptions, Scenario, Table } from '../report/table.ts';

const flags = ['--single-threaded'];

const own: Readonly<Record<string, string>> = {
  status: 'HTTP status alone decides',
  eSignon: 'eSignon: JSON of 1.5 KB is looked at, `result_code`',
  DataComSys: 'DataComSys: JSON of 1.5 KB is looked at, `status`',
};

const others = [
  names.handWritten,
  names.undiciOidc,
  names.badgateway,
  names.azure,
  names.google,
  names.simpleOauth2,
  names.asyncCacheDedupe,
];

/** What sees the body of an answer that `fetch` brought, and leaves its Response as it is. */
const clone = 'clone';

const notes: Readonly<Record<string, string>> = {
  [clone]: 'the least that it takes to see a body whose Response stays as it came',
  [names.handWritten]: 'looks at no answer',
  [names.undiciOidc]: 'looks at the status',
  [names.azure]: 'looks at the status; the policy in front of undici’s `request`',
};

const columns = [
  { title: 'µs of CPU, limit', digits: 1 },
  { title: 'µs of CPU', digits: 1 },
  { title: 'times the limit', digits: 3 },
];

async function rowOf(input: RequestInput): Promise<Row> {
  const { contender: name } = input;
  const { limit, contender } = await askProcess<RequestSamples>('measure/request.ts', { input, flags });
  const isOurs = own[name] !== undefined;
  return {
    name: own[name] ?? (name === clone ? 'the same fetch, and the first of a `Response.clone()` is read' : name),
    role: isOurs ? 'ours' : 'other',
    cells: [spreadOf(limit), spreadOf(contender), spreadOf(ratiosTo(limit, contender))],
    ...(isOurs ? {} : { note: notes[name] ?? 'looks at no answer; its token is set by the caller' }),
  };
}

async function tableOf(
  title: string,
  limit: string,
  contenders: readonly string[],
  input: Omit<RequestInput, 'contender'>,
): Promise<Table> {
  const rows: Row[] = [{ name: limit, role: 'limit', cells: ['–', '–', 1] }];
  for (const contender of contenders) rows.push(await rowOf({ ...input, contender }));
  return { title, columns, rows };
}

/** Over connections, where all that a request needs counts, too. */
async function socketsTable(quick: boolean): Promise<Table> {
  const input: SocketsInput = quick ? { rounds: 3, calls: 500 } : { rounds: 20, calls: 1_000 };
  const { cpu, rate } = await askProcess<SocketsAnswer>('measure/sockets.ts', { input });
  const limit = { cpu: cpu['limit'] ?? [], rate: rate['limit'] ?? [] };
  const rows = Object.entries(cpu).map(([name, values]): Row => {
    const rates = rate[name] ?? [];
    const role = name === 'limit' ? 'limit' : own[name] === undefined ? 'other' : 'ours';
    const cells = [spreadOf(values), spreadOf(ratiosTo(limit.cpu, values)), spreadOf(rates), spreadOf(ratiosTo(limit.rate, rates))];
    const note = name === names.undiciOidc ? { note: 'with undici 7, which it depends on' } : {};
    return { name: name === 'limit' ? 'a fixed header' : (own[name] ?? name), role, cells, ...note };
  });
  return {
    title: 'Over connections on loopback, 50 requests at once, the vendor in another process:',
    columns: [
      { title: 'µs of CPU', digits: 0 },
      { title: 'times the limit', digits: 3 },
      { title: 'requests a second', digits: 0 },
      { title: 'times the limit', digits: 3 },
    ],
    rows,
  };
}

async function run({ quick }: RunOptions): Promise<Table[]> {
  const rounds = quick ? 8 : 40;
  // So many that each round has its share of the collector's work.
  const calls = quick ? 200 : 3_000;
  const few = Math.floor(calls / 3);
  // A fetch leaves much for the collector, which does not come to it evenly.
  const fetches = quick ? { rounds, calls: 50 } : { rounds: 16, calls: 5_000 };
  const fewFetches = quick ? fetches : { rounds: 24, calls: 1_500 };
  const ours = Object.keys(own);
  return [
    await tableOf('undici 8’s `request` over a stub:', 'a fixed header', [...ours, ...others], {
      way: 'request',
      gzip: false,
      rounds,
      calls,
    }),
    await tableOf('The same, the answers compressed with gzip, which the caller unpacks, too:', 'a fixed header', ours, {
      way: 'request',
      gzip: true,
      rounds,
      calls: few,
    }),
    await socketsTable(quick),
    await tableOf('`createAuthFetch` over undici’s `fetch`:', 'the same fetch, a fixed header', [...ours, clone], {
      way: 'fetch',
      gzip: false,
      ...fetches,
    }),
    await tableOf('The same, the answers compressed with gzip:', 'the same fetch, a fixed header', ours, {
      way: 'fetch',
      gzip: true,
      ...fewFetches,
    }),
  ];
}

export const requestOverStub: Scenario = {
  name: 'request',
  title: 'A request',
  means: [
    'CPU of the client for one request whose answer is read as JSON, over a stub dispatcher in place of the network, unless the table names connections. Over the stub each contender alternates with the limit in a process of its own, and the ratio is the median of the pairs’.',
    'The collector runs on the same thread, so that garbage counts.',
  ],
  meansNot: [
    'how long a request takes: over a network it takes a hundred times as long or longer. The CPU of the connection comes on top for everybody.',
  ],
  run,
};
