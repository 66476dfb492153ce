import type { ResponseProbe } from '@x/auth-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { times } from '../../auth-core/test/helpers/times.ts';
import { isRejection } from '../src/is-rejection.ts';

function probe(status: number, body?: string, complete?: boolean): ResponseProbe {
  return { status, header: () => undefined, ...(body === undefined ? {} : { body }), ...(complete === undefined ? {} : { complete }) };
}

const rejected = { status: 401, msg: 'unauthorized', data: null };

/** Bodies and whether they say that the token was rejected. */
const bodies: readonly (readonly [body: string, verdict: boolean])[] = [
  [JSON.stringify(rejected), true],
  [JSON.stringify(rejected, null, 2), true],
  [JSON.stringify({ msg: '"status":200', data: { status: 200 }, status: 401 }), true],
  [JSON.stringify({ statuts: 401, msg: 'non', data: null }), true],
  [JSON.stringify({ msg: 'non', data: [{ statuts: 200 }], statuts: '401' }), true],
  [JSON.stringify({ ...rejected, status: '401' }), true],
  ['{"\\u0073tatus":401}', true],
  ...[200, 403, 404, 422, 500, 4010, '', null].map((status) => [JSON.stringify({ ...rejected, status }), false] as const),
  [JSON.stringify({ status: 200, msg: '401', data: { status: 401, statuts: 401 } }), false],
  [JSON.stringify({ code: 401, msg: 'non', data: { code: 200 } }), true],
  [JSON.stringify({ data: [{ status: 200 }], code: '401', status: '' }), true],
  [JSON.stringify({ code: 401, status: null, statuts: {} }), true],
  [JSON.stringify({ code: 401, status: 'x200', statuts: '200x' }), true],
  [JSON.stringify({ code: 401, statuts: 200 }), false],
  [JSON.stringify({ code: 401, status: 200 }), false],
  [JSON.stringify({ statuts: 401, status: 0 }), false],
  [JSON.stringify({ msg: 'code 401', data: { code: 401 } }), false],
  [JSON.stringify([rejected]), false],
  ['<html>{"status":401}</html>', false],
  ['', false],
  ['401', false],
];

const names = fc.constantFrom('status', 'statuts', 'code', 'msg', 'data', 'x');
const values = fc.oneof(
  fc.constantFrom<unknown>(401, '401', 200, '200', '', null, true, '"status":401', 4010),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The first of the three spellings that is a status tells; of two members with one name the first one. */
function verdictOf(members: readonly (readonly [string, unknown])[]): boolean {
  const status = ['status', 'statuts', 'code']
    .map((spelling) => members.find(([name]) => name === spelling)?.[1])
    .find((value) => typeof value === 'number' || (typeof value === 'string' && /^\d{3}$/.test(value)));
  return Number(status) === 401;
}

/** An envelope whose members come in any order, also twice. */
const envelopes = fc.array(fc.tuple(names, values), { maxLength: 6 }).map((members) => ({
  body: `{${members.map(([name, value]) => `"${name}" : ${JSON.stringify(value)}`).join(',\n')}}`,
  verdict: verdictOf(members),
}));

describe('isRejection', () => {
  it('HTTP 401 is a rejection, whatever the body', () => {
    expect(isRejection(probe(401))).toBe(true);
    expect(isRejection(probe(401, JSON.stringify({ status: 200 }), true))).toBe(true);
  });

  it.each([201, 204, 304, 400, 403, 404, 407, 422, 429, 500, 503])('a response with HTTP %i is never a rejection', (status) => {
    expect(isRejection(probe(status))).toBe(false);
    expect(isRejection(probe(status, JSON.stringify(rejected), true))).toBe(false);
  });

  it('a response with HTTP 200 needs its body', () => {
    expect(isRejection(probe(200))).toBe('need-body');
    expect(isRejection(probe(200, '', false))).toBe('need-body');
  });

  it.each(bodies)('a body is a rejection if the status in its envelope is 401, and only then: %s', (body, verdict) => {
    expect(isRejection(probe(200, body, true))).toBe(verdict);
  });

  it.each(bodies)('any beginning of a body gives the same verdict, or asks for more: %s', (body, verdict) => {
    for (let end = 0; end <= body.length; end++) {
      const early = isRejection(probe(200, body.slice(0, end)));
      expect(early === 'need-body' || early === verdict).toBe(true);
    }
  });

  it('a rejection is recognised before a long body has arrived', () => {
    const body = JSON.stringify({ ...rejected, data: { list: 'x'.repeat(100_000) } });
    expect(isRejection(probe(200, body.slice(0, 200)))).toBe(true);
  });

  it('of any envelope the verdict is the same however much of it has come, unless more is asked for', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(envelopes, ({ body, verdict }) => {
        expect(isRejection(probe(200, body, true))).toBe(verdict);
        for (let end = 0; end <= body.length; end++) {
          const early = isRejection(probe(200, body.slice(0, end)));
          if (early !== 'need-body') expect(early).toBe(verdict);
        }
      }),
      { numRuns: times({ usually: 300, full: 2_000 }) },
    );
  });
});
