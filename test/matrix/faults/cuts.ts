import { type Answer, headOf, wire } from '../answer.ts';
import {
  broken,
  close,
  type Fault,
  hang,
  late,
  type LoginExpectation,
  notAllowed,
  refused,
  reset,
  send,
  type Step,
  unavailable,
  undocumented,
  works,
} from '../fault.ts';

/** How far a good answer gets, and what of it was sent by then. */
const stages: readonly (readonly [stage: string, sent: (good: Answer) => string | Buffer])[] = [
  ['before anything', () => ''],
  ['after one byte', () => 'H'],
  ['in the status line', () => 'HTTP/1.1 20'],
  ['after the status line', () => 'HTTP/1.1 200 OK\r\n'],
  ['in the name of a header', () => 'HTTP/1.1 200 OK\r\ncontent-ty'],
  ['in the value of a header', () => 'HTTP/1.1 200 OK\r\ncontent-type: applica'],
  ['before the empty line', () => 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n'],
  ['after the head', (good) => wire(good).subarray(0, wire(good).indexOf('\r\n\r\n') + 4)],
  ['after half of the body', (good) => wire(good).subarray(0, wire(good).length - (good.body.length >> 1))],
  ['before the last byte', (good) => wire(good).subarray(0, -1)],
  ['in the size of a chunk', (good) => `${chunkedHead(good)}1`],
  ['after the size of a chunk', (good) => `${chunkedHead(good)}${sizeOf(good.body)}\r\n`],
  ['in a chunk', (good) => chunked(good).subarray(0, -20)],
  ['before the last chunk', (good) => chunked(good).subarray(0, -5)],
  ['in the last chunk', (good) => chunked(good).subarray(0, -3)],
];

const sizeOf = (body: string): string => Buffer.byteLength(body).toString(16);

function chunkedHead({ status, headers }: Answer): string {
  return headOf(status, { ...headers, 'transfer-encoding': 'chunked' });
}

function chunked(good: Answer): Buffer {
  return Buffer.from(`${chunkedHead(good)}${sizeOf(good.body)}\r\n${good.body}\r\n0\r\n\r\n`);
}

const cuts = stages.map(([stage, sent]): Fault => ({
  name: `closed ${stage}`,
  answer: ({ good }) => [send(sent(good)), close],
  login: broken,
  call: 'unchanged',
}));

const resets = stages
  .filter(([stage]) => /before anything|after the status line|after the head|half/.test(stage))
  .map(([stage, sent]): Fault => ({
    name: `reset ${stage}`,
    answer: ({ good }) => [send(sent(good)), { wait: 5 }, reset],
    login: broken,
    call: 'unchanged',
  }));

const stalls = stages.map(([stage, sent]): Fault => ({
  name: `nothing more ${stage}`,
  answer: ({ good }) => [send(sent(good)), hang],
  login: late,
  call: 'unchanged',
  slow: 'both',
}));

/** What the status says stands, whatever becomes of the body: credentials that were refused must not be sent again. */
const refusals = (
  [
    [401, refused],
    [403, notAllowed],
    [423, notAllowed],
  ] as const
).flatMap(([status, login]): Fault[] => {
  const call = status === 401 ? 'renewed' : 'unchanged';
  const half = headOf(status, { 'content-type': 'application/json', 'content-length': '100' }) + '{"message":';
  return [
    { name: `HTTP ${status}, closed in its body`, answer: () => [send(half), close], login, call },
    {
      name: `HTTP ${status}, nothing more in its body`,
      answer: () => [send(half), hang],
      login,
      call,
      ...(status === 401 ? {} : { slow: 'request' }),
    },
  ];
});

const unavailableCut: Fault = {
  name: 'HTTP 503, closed in its body',
  answer: () => [send(headOf(503, { 'content-length': '100' })), close],
  login: [unavailable, broken],
  call: 'unchanged',
};

const unframed = (sent: (body: string) => string, login: Fault['login'], name: string): Fault => ({
  name,
  answer: ({ good }) => [send(headOf(good.status, { ...good.headers, connection: 'close' }) + sent(good.body)), close],
  login,
  call: 'unchanged',
});

const quick = (bytes: Buffer): Step[] =>
  Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) => [send(bytes.subarray(3 * at, 3 * at + 3)), { wait: 0 }]).flat();

const drips: readonly Fault[] = [
  { name: 'three bytes at a time', answer: ({ good }) => quick(wire(good)), login: works, call: 'unchanged' },
  { name: 'three bytes at a time, chunked', answer: ({ good }) => quick(chunked(good)), login: works, call: 'unchanged' },
  {
    name: 'every byte a chunk',
    answer: ({ good }) => [
      send(chunkedHead(good)),
      ...Array.from(Buffer.from(good.body), (byte) => send(Buffer.from([0x31, 13, 10, byte, 13, 10]))),
      send('0\r\n\r\n'),
    ],
    login: works,
    call: 'unchanged',
  },
  { name: 'a moment late', answer: ({ good }) => [{ wait: 100 }, send(wire(good))], login: works, call: 'unchanged' },
  ...dripping('a byte of the status line', 'HTTP/1.1 200 ', 'O'),
  ...dripping('a header', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'),
  ...dripping('a byte of a header', 'HTTP/1.1 200 OK\r\nx: ', 'y'),
  ...dripping('a space of the body', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n', ' '),
  ...dripping('a chunk', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n \r\n'),
  ...dripping('a byte of a chunk extension', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;', 'x'),
  ...dripping('a trailer', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', 'x: y\r\n'),
];

function dripping(what: string, first: string, then: string): Fault[] {
  const answer = (): readonly Step[] => [send(first), { pour: then, every: 25 }];
  return [{ name: `${what} now and then, without end`, answer, login: late, call: 'unchanged', slow: 'both' }];
}

const block = 'x'.repeat(65_536);

function flood(what: string, first: string, then: string, login: Fault['login'] = undocumented): Fault {
  const answer = (): readonly Step[] => [send(first), { pour: then, every: 0 }];
  return { name: `${what} without end`, answer, login, call: 'unchanged' };
}

/** The client has no bound of its own for these, or one that the time may come before. */
function slowFlood(what: string, first: string, then: string): Fault {
  const lateOnce: LoginExpectation = { code: 'BAD_RESPONSE', exchanges: 2 };
  return { ...flood(what, first, then, [undocumented, late, lateOnce]), slow: 'both', endsByEither: true };
}

const chunkedStart = headOf(200, { 'transfer-encoding': 'chunked' });

const floods = [
  flood('headers', 'HTTP/1.1 200 OK\r\n', `x-${'y'.repeat(40)}: ${'z'.repeat(4_096)}\r\n`),
  flood('a header', 'HTTP/1.1 200 OK\r\nx: ', block),
  flood('a body', headOf(200, { 'content-type': 'application/json', connection: 'close' }), ' '.repeat(65_536)),
  flood('chunks', chunkedStart, `10000\r\n${block}\r\n`),
  slowFlood('a status line', 'HTTP/1.1 200 ', block),
  slowFlood('a chunk extension', `${chunkedStart}1;`, block),
  slowFlood('trailers', `${chunkedStart}0\r\n`, `x: ${block}\r\n`),
];

/** Answers that stop, at every stage; that come in drips, or without end. */
export const cutsAndDrips: readonly Fault[] = [
  ...cuts,
  ...resets,
  ...stalls,
  ...refusals,
  unavailableCut,
  unframed((body) => body, works, 'a body that ends with its connection'),
  unframed((body) => body.slice(0, -9), undocumented, 'a body that ends with its connection, too early'),
  ...drips,
  ...floods,
];
