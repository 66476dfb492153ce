import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

import { http, json, wire } from '../answer.ts';
import { type Exchange, type Fault, type LoginExpectation, refused, send, undocumented, works } from '../fault.ts';

const coders: readonly (readonly [name: string, encode: (bytes: Buffer) => Buffer])[] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
];

function encoded(coding: string, encode: (bytes: Buffer) => Buffer, body: string): Buffer {
  return http(200, { ...json, 'content-encoding': coding }, encode(Buffer.from(body)));
}

function goodBody(name: string, bytes: (exchange: Exchange) => Buffer, login: LoginExpectation): Fault {
  return { name, answer: (exchange) => [send(bytes(exchange))], login, call: 'unchanged' };
}

const whole = coders.map(([coding, encode]) =>
  goodBody(`a good body in ${coding}, unasked`, ({ good }) => encoded(coding, encode, good.body), undocumented),
);

const rejections = coders.map(([coding, encode]): Fault => ({
  name: `a rejection in ${coding}`,
  answer: ({ vendor }) => [send(encoded(coding, encode, vendor.say('rejected', 'no').body))],
  login: undocumented,
  call: 'renewed',
}));

const damaged = (coding: string, bytes: (good: Buffer) => Buffer, name: string): Fault =>
  goodBody(name, ({ good }) => encoded(coding, bytes, good.body), undocumented);

/** What the status says stands, however the body is encoded. */
const refusals: readonly Fault[] = [
  {
    name: 'HTTP 401 in gzip',
    answer: () => [send(http(401, { ...json, 'content-encoding': 'gzip' }, gzipSync('{"message":"no"}')))],
    login: refused,
    call: 'renewed',
  },
  {
    name: 'HTTP 401 with a body of 2 MiB',
    answer: () => [send(http(401, json, JSON.stringify({ message: 'x'.repeat(2 ** 21) })))],
    login: refused,
    call: 'renewed',
  },
];

const typed = (type: string, login: LoginExpectation = works): Fault =>
  goodBody(
    `a good body as ${type === '' ? 'nothing' : type}`,
    ({ good }) => http(200, type === '' ? {} : { 'content-type': type }, good.body),
    login,
  );

/** Bodies that are encoded in ways that nobody asked for, or in none that they say. */
export const encodings: readonly Fault[] = [
  ...whole,
  ...rejections,
  ...refusals,
  damaged('gzip', (good) => good, 'a body that is no gzip, although it says so'),
  damaged('gzip', (good) => gzipSync(good).subarray(0, -12), 'a gzip that lacks its end'),
  damaged('gzip', (good) => Buffer.concat([gzipSync(good), Buffer.from('more')]), 'a gzip with more behind it'),
  damaged('gzip', () => gzipSync(Buffer.alloc(2 ** 22, ' ')), 'a gzip of 4 MiB of spaces'),
  damaged('x-unknown', (good) => good, 'an encoding that nobody knows'),
  damaged('gzip, gzip', (good) => gzipSync(gzipSync(good)), 'gzip in gzip'),
  goodBody('a Content-Encoding of identity', ({ good }) => encoded('identity', (bytes) => bytes, good.body), works),
  goodBody('an empty Content-Encoding', ({ good }) => encoded('', (bytes) => bytes, good.body), works),
  typed('text/html'),
  typed('text/plain; charset=iso-8859-1'),
  typed('application/problem+json'),
  typed('nonsense'),
  typed(''),
  goodBody('a byte order mark ahead of the body', ({ good }) => wire({ ...good, body: `\ufeff${good.body}` }), works),
  goodBody('a body in UTF-16', ({ good }) => http(200, json, Buffer.from(good.body, 'utf16le')), undocumented),
  goodBody('bytes that are no UTF-8', () => http(200, json, Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x22])), undocumented),
  {
    name: 'a rejection with a byte order mark',
    answer: ({ vendor }) => [send(http(200, json, `\ufeff${vendor.say('rejected', 'no').body}`))],
    login: { esignon: { code: 'VENDOR_ERROR', exchanges: 1 }, datacomsys: refused },
    call: 'renewed',
  },
  {
    name: 'a rejection far behind in its body',
    answer: ({ vendor }) => [send(http(200, json, ' '.repeat(20_000) + vendor.say('rejected', 'no').body))],
    login: { esignon: { code: 'VENDOR_ERROR', exchanges: 1 }, datacomsys: refused },
    // No more than 16 KiB of a body are looked at.
    call: 'unchanged',
  },
];
