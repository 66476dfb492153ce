import type { ResponseProbe } from '@x/auth-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { times } from '../../auth-core/test/helpers/times.ts';
import { isRejection } from '../src/is-rejection.ts';

function probe(status: number, body?: string, complete?: boolean): ResponseProbe {
  return { status, header: () => undefined, ...(body === undefined ? {} : { body }), ...(complete === undefined ? {} : { complete }) };
}

const rejected = {
  header: { response_code: '2001A', result_code: '94', result_msg: '인증키가 올바르지 않습니다.', session_id: '' },
  body: { name: 'x'.repeat(40) },
};

/** Bodies and whether they say that the token was rejected. */
const bodies: readonly (readonly [body: string, verdict: boolean])[] = [
  [JSON.stringify(rejected), true],
  [JSON.stringify(rejected, null, 2), true],
  [JSON.stringify({ data: { list: [{ result_code: '00', header: { result_code: '00' } }] }, ...rejected }), true],
  [JSON.stringify({ header: { result_msg: '認証キーが正しくありません。', result_code: 94 } }), true],
  ['{"\\u0068eader":{"result_code":"\\u0039\\u0034"}}', true],
  ...['00', '10', '12', '95', '99', '9', '940', ''].map(
    (code) => [JSON.stringify({ header: { ...rejected.header, result_code: code } }), false] as const,
  ),
  [JSON.stringify({ body: rejected, result_code: '94' }), false],
  [JSON.stringify({ header: { result_msg: '"result_code":"94"' }, body: { header: { result_code: '94' } } }), false],
  [JSON.stringify([rejected]), false],
  [JSON.stringify({ workflow_id: 94, workflow_name: 'header result_code 94' }), false],
  ['<html>{"header":{"result_code":"94"}}</html>', false],
  ['', false],
  ['null', false],
];

const names = fc.constantFrom('header', 'result_code', 'result_msg', 'body', 'x');
const codes = fc.oneof(fc.constantFrom<unknown>('94', 94, '00', '9', null, '"result_code":"94"'), fc.jsonValue({ maxDepth: 2 }));
type Members = readonly (readonly [name: string, value: unknown])[];

/** Members of an object, in this order, also twice. */
function membersIn(members: Members): string {
  return members.map(([name, value]) => `"${name}" : ${JSON.stringify(value)}`).join(',\n');
}

/** Of two members with one name the first one tells. */
function valueOf(members: Members, wanted: string): unknown {
  return members.find(([name]) => name === wanted)?.[1];
}

const headers = fc.array(fc.tuple(names, codes), { maxLength: 4 });
const envelopes = fc.tuple(headers, fc.array(fc.tuple(names, codes), { maxLength: 4 }), fc.nat(4)).map(([header, others, at]) => {
  const before = others.slice(0, at).filter(([name]) => name !== 'header');
  const code = valueOf(header, 'result_code');
  return {
    body: `{${[membersIn(before), `"header":{${membersIn(header)}}`, membersIn(others.slice(at))].filter((text) => text !== '').join(',')}}`,
    verdict: code === '94' || code === 94,
  };
});

describe('isRejection', () => {
  it('HTTP 401 is a rejection, whatever the body', () => {
    expect(isRejection(probe(401))).toBe(true);
    expect(isRejection(probe(401, '', true))).toBe(true);
  });

  it.each([201, 204, 304, 400, 403, 404, 407, 419, 422, 429, 500, 503])('a response with HTTP %i is never a rejection', (status) => {
    expect(isRejection(probe(status))).toBe(false);
    expect(isRejection(probe(status, JSON.stringify(rejected), true))).toBe(false);
  });

  it('a response with HTTP 200 needs its body', () => {
    expect(isRejection(probe(200))).toBe('need-body');
    expect(isRejection(probe(200, '', false))).toBe('need-body');
  });

  it.each(bodies)('a body is a rejection if header.result_code is 94, and only then: %s', (body, verdict) => {
    expect(isRejection(probe(200, body, true))).toBe(verdict);
  });

  it.each(bodies)('any beginning of a body gives the same verdict, or asks for more: %s', (body, verdict) => {
    for (let end = 0; end <= body.length; end++) {
      const early = isRejection(probe(200, body.slice(0, end)));
      expect(early === 'need-body' || early === verdict).toBe(true);
    }
  });

  it('a rejection is recognised before a long body has arrived', () => {
    const body = JSON.stringify({ ...rejected, body: { list: 'x'.repeat(100_000) } });
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
