import { headOf, http, json, wire } from '../answer.ts';
import { close, type Exchange, type Fault, refused, send, type Step, unavailable, undocumented, works } from '../fault.ts';

const steps = (
  name: string,
  answer: (exchange: Exchange) => readonly Step[],
  login: Fault['login'],
  call: Fault['call'] = 'unchanged',
): Fault => ({
  name,
  answer,
  login,
  call,
});

const noise: readonly (readonly [name: string, bytes: string | Buffer])[] = [
  ['noise', Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10])],
  ['a banner of SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['an alert of TLS', Buffer.from([0x15, 3, 1, 0, 2, 2, 40])],
  ['the beginning of HTTP/2', Buffer.from([0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100])],
  ['HTTP/0.9', '<html>hello</html>\r\n'],
  ['a status that is no number', 'HTTP/1.1 OK 200\r\n\r\n'],
  ['another protocol', 'ICY 200 OK\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
];

/** A good answer with headers that frame its body in a way of their own. */
function framed(headers: (length: number) => string, body: (body: string) => string = (text) => text) {
  return ({ good }: Exchange): readonly Step[] => [
    send(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers(Buffer.byteLength(good.body))}\r\n\r\n${body(good.body)}`),
  ];
}

const wrong: readonly (readonly [name: string, headers: (length: number) => string])[] = [
  ['a length below zero', () => 'content-length: -1'],
  ['a length that is no number', () => 'content-length: many'],
  ['a length with a sign', (length) => `content-length: +${length}`],
  ['a length of forty digits', () => `content-length: ${'9'.repeat(40)}`],
  ['two lengths', (length) => `content-length: ${length}\r\ncontent-length: ${length + 1}`],
  ['a length of a chunked body', (length) => `content-length: ${length}\r\ntransfer-encoding: chunked`],
  ['chunks without a size', () => 'transfer-encoding: chunked'],
];

const chunk = (size: string) =>
  framed(
    () => 'transfer-encoding: chunked',
    (body) => `${size}\r\n${body}\r\n0\r\n\r\n`,
  );

/** HTTP that is none, or only just. */
export const framing: readonly Fault[] = [
  ...noise.map(([name, bytes]) => steps(name, () => [send(bytes), close], undocumented)),
  ...wrong.map(([name, headers]) => steps(name, (exchange) => [...framed(headers)(exchange), close], undocumented)),
  steps('a size of a chunk that is no number', (exchange) => [...chunk('zz')(exchange), close], undocumented),
  steps('a size of a chunk of twenty digits', (exchange) => [...chunk('f'.repeat(20))(exchange), close], undocumented),
  steps('a header with NUL', ({ good }) => [send(headOf(200, { ...json, x: 'a\0b' }) + good.body), close], undocumented),
  steps(
    'a length that is too short',
    framed((length) => `content-length: ${length - 9}`),
    undocumented,
  ),
  steps('lines that end in LF alone', ({ good }) => [send(wire(good).toString().replaceAll('\r\n', '\n'))], [works, undocumented]),
  steps('an empty line ahead', ({ good }) => [send('\r\n'), send(wire(good))], [works, undocumented]),
  steps('a status line without a reason', ({ good }) => [send(wire(good).toString().replace(' Some Reason', ''))], works),
  steps('HTTP/1.0', ({ good }) => [send(wire(good).toString().replace('HTTP/1.1', 'HTTP/1.0')), close], works),
  steps('a header of 12 KiB', ({ good }) => [send(http(200, { ...json, x: 'y'.repeat(12_288) }, good.body))], works),
  steps(
    'a hundred headers of the same name',
    ({ good }) => {
      const many = 'x: y\r\n'.repeat(100);
      return [send(wire(good).toString().replace('\r\n', `\r\n${many}`))];
    },
    works,
  ),
];

const second = (what: string, answer: (exchange: Exchange) => readonly Step[]): Fault =>
  steps(`a good answer, then ${what}`, answer, works);
const again = ({ vendor }: Exchange): Buffer => http(200, json, JSON.stringify(vendor.success('stale-token-of-another-request')));

/** More than one answer to one request: the first one counts, and the others are nobody's. */
export const twoAnswers: readonly Fault[] = [
  second('the same again', ({ good }) => [send(Buffer.concat([wire(good), wire(good)]))]),
  second('another good one', (exchange) => [send(Buffer.concat([wire(exchange.good), again(exchange)]))]),
  second('another good one, a moment later', (exchange) => [send(wire(exchange.good)), { wait: 20 }, send(again(exchange))]),
  second('HTTP 401', ({ good }) => [send(Buffer.concat([wire(good), http(401, json, '{}')]))]),
  second('HTTP 401, a moment later', ({ good }) => [send(wire(good)), { wait: 20 }, send(http(401, json, '{}'))]),
  second('HTTP 500', ({ good }) => [send(Buffer.concat([wire(good), http(500, json, '{}')]))]),
  second('noise', ({ good }) => [send(Buffer.concat([wire(good), Buffer.from('\0\x01noise')]))]),
  second('half of another one', (exchange) => [send(Buffer.concat([wire(exchange.good), again(exchange).subarray(0, -9)]))]),
  second('a close', ({ good }) => [send(wire(good)), close]),
  second('HTTP 103', ({ good }) => [send(Buffer.concat([wire(good), Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n')]))]),
  steps('HTTP 401, then a good answer', ({ good }) => [send(Buffer.concat([http(401, json, '{}'), wire(good)]))], refused, 'renewed'),
  steps('HTTP 500, then a good answer', ({ good }) => [send(Buffer.concat([http(500, json, '{}'), wire(good)]))], unavailable),
  steps(
    'HTTP 103, then two good answers',
    ({ good }) => [send(Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'), wire(good), wire(good)]))],
    works,
  ),
];
