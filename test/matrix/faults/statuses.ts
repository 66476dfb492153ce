import { http, json, page, wire } from '../answer.ts';
import {
  broken,
  type Exchange,
  failed,
  type Fault,
  late,
  type LoginExpectation,
  notAllowed,
  refused,
  send,
  unavailable,
  undocumented,
  works,
} from '../fault.ts';
import type { Saying, VendorName } from '../vendors.ts';

const redirections = [300, 304, 305, 306];
const clientErrors = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 414, 415, 418, 421, 422, 423, 426, 428, 429, 431, 451,
];
/** RFC 9110, section 15: what is outside of 100 to 599 is to be taken as a failure of the server. */
const serverErrors = [500, 501, 502, 503, 504, 505, 507, 511, 520, 599, 600, 999];

/** What a status means where no vendor's words come with it. */
function meaning(status: number, vendor: VendorName): LoginExpectation {
  if (status === 401) return refused;
  if (status === 403 || status === 423) return notAllowed;
  if (status === 429 || status >= 500) return unavailable;
  if (status >= 300 && status < 400) return undocumented;
  // DataComSys tells by the status, eSignon by what stands in the body; of HTTP 400 it says that the connection failed.
  return status === 200 || (vendor === 'esignon' && status !== 400) ? undocumented : failed;
}

function statusFault(status: number, what: string, answer: Fault['answer'], meaningOf = meaning): Fault {
  const expected = (vendor: VendorName): LoginExpectation => ({ ...meaningOf(status, vendor), vendorStatus: status });
  return {
    name: `HTTP ${status}, ${what}`,
    answer,
    login: { esignon: expected('esignon'), datacomsys: expected('datacomsys') },
    call: status === 401 ? 'renewed' : 'unchanged',
  };
}

const html = { 'content-type': 'text/html' };

const pages = [200, 201, 202, 206, ...redirections, ...clientErrors, ...serverErrors].map((status) =>
  statusFault(status, 'a page', () => [send(http(status, html, status === 304 ? '' : page))]),
);

const empty = [200, 204, 205, 401, 403, 404, 500].map((status) =>
  statusFault(status, 'empty', () => [send(http(status, status === 204 ? { connection: 'keep-alive' } : {}, ''))]),
);

/** With a result that is good, it is not the body that eSignon is judged by. */
function beside(status: number, vendor: VendorName): LoginExpectation {
  const expected = meaning(status, vendor);
  return expected === undocumented ? failed : expected;
}

const goodBodies = [201, 400, 401, 403, 404, 423, 429, 500, 503].map((status) =>
  statusFault(status, 'the body of a success', ({ good }: Exchange) => [send(wire({ ...good, status }))], beside),
);

const interim = [100, 102, 103].map((status): Fault => ({
  name: `HTTP ${status} ahead of the answer`,
  answer: ({ good }) => [send(`HTTP/1.1 ${status} Wait\r\nlink: </a>\r\n\r\n`), send(wire(good))],
  // undici takes a 100 that it did not ask for as a broken connection.
  login: status === 100 ? broken : works,
  call: 'unchanged',
}));

const upgrade: Fault = {
  name: 'HTTP 101, unasked',
  answer: () => [send('HTTP/1.1 101 Switching Protocols\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n')],
  login: [undocumented, broken],
  call: 'unchanged',
};

const onlyInterim: Fault = {
  name: 'HTTP 103 without end',
  answer: () => [{ pour: 'HTTP/1.1 103 Early Hints\r\n\r\n', every: 20 }],
  login: late,
  call: 'unchanged',
  slow: 'both',
};

function says(saying: Saying, login: Fault['login'], call: Fault['call'] = 'unchanged'): Fault {
  return {
    name: `the vendor says: ${saying}`,
    answer: ({ vendor }) => [send(wire(vendor.say(saying, 'Désolé, 죄송합니다, 申し訳ございません')))],
    login,
    call,
  };
}

const sayings = [
  // What eSignon says with 10 to a call is another thing; DataComSys rejects tokens by 401, wherever that stands.
  says('refused', refused, { esignon: 'unchanged', datacomsys: 'renewed' }),
  says('refused in the body', refused, { esignon: 'unchanged', datacomsys: 'renewed' }),
  says('not allowed', notAllowed),
  says('failed', { esignon: failed, datacomsys: unavailable }),
  says('undocumented', failed),
  says('rejected', { esignon: failed, datacomsys: refused }, 'renewed'),
];

const hour = 3_600_000;

function asksForPause(name: string, retryAfter: string, milliseconds: number | undefined): Fault {
  const asked = milliseconds === undefined ? unavailable : ({ ...unavailable, exchanges: 1, retryAfter: milliseconds } as const);
  return {
    name: `HTTP 503 with Retry-After: ${name}`,
    answer: () => [send(http(503, { ...json, 'retry-after': retryAfter }, '{}'))],
    login: asked,
    call: 'unchanged',
  };
}

const pauses = [
  asksForPause('seconds', '120', 120_000),
  asksForPause('a date', new Date(Date.now() + 240 * hour).toUTCString(), hour),
  asksForPause('epoch seconds', '1790000000', hour),
  asksForPause('more digits than a number has', '9'.repeat(400), hour),
  asksForPause('a negative number', '-5', undefined),
  asksForPause('a word', 'later', undefined),
];

/** Answers in every class of status, and what the vendor itself says. */
export const statuses: readonly Fault[] = [...pages, ...empty, ...goodBodies, ...interim, upgrade, onlyInterim, ...sayings, ...pauses];
