import { AuthError, type AuthErrorCode, type TokenProvider } from '@x/auth-core';
import { type Fault as SandboxFault, manualClock, type ManualClock } from '@x/auth-core/testing';
import { createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { createEsignonTokenProvider } from '@x/esignon-auth';
import { type EsignonFault, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { describe, expect, it } from 'vitest';

import { expectationsOf, openPlace } from '../matrix/cell.ts';
import { startElsewhere } from '../matrix/elsewhere.ts';
import type { Fault } from '../matrix/fault.ts';
import { faults } from '../matrix/table.ts';
import { type Vendor, vendors } from '../matrix/vendors.ts';

/** What a refusal may cost in ten seconds: the pauses are 1, 2 and 4 seconds, or the cooldown of half a minute. */
function isFew(logins: number): boolean {
  return logins >= 1 && logins <= 5;
}

/** Ten callers who ask again as soon as they are answered, for ten seconds; a tenth of a second passes between two rounds. */
async function hammer(provider: TokenProvider, clock: ManualClock): Promise<AuthErrorCode[]> {
  const codes = new Set<AuthErrorCode>();
  for (let passed = 0; passed < 10_000; passed += 100) {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => provider.getToken()));
    for (const answer of answers) codes.add(codeOf(answer));
    await clock.advance(100);
  }
  return [...codes];
}

function codeOf(answer: PromiseSettledResult<unknown>): AuthErrorCode {
  if (answer.status === 'rejected' && answer.reason instanceof AuthError) return answer.reason.code;
  throw new Error('expected an AuthError', { cause: answer });
}

const password = 'a password that nobody has';
const always = { on: 'login', times: Infinity } as const;
const statuses = [400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 415, 418, 422, 423, 451];
const redirects = [301, 302, 303, 307, 308] as const;

/** What is the same for both vendors. */
const failures: readonly (readonly [how: string, fault: SandboxFault])[] = [
  ...[...statuses, 200, 201].map((status) => [`HTTP ${status} and an empty object`, { status, body: {} }] as const),
  ...statuses.map((status) => [`HTTP ${status} and a page`, { status, body: '<h1>No</h1>' }] as const),
  ...redirects.map((status) => [`HTTP ${status} to another place`, { redirect: '/elsewhere', status }] as const),
  ['HTTP 200 and a compressed body', { status: 200, headers: { 'content-encoding': 'gzip' }, body: {} }],
  ['HTTP 200 and a page', 'garbage'],
  ['a body of 4 MiB', 'oversize'],
  ['a body without end', 'flood'],
];
const results = ['10', '11', '12', '94', '95', '96', '99', '', 'no code at all'];

const esignonRefusals: readonly (readonly [how: string, fault: EsignonFault])[] = [
  ...results.map((result) => [`the result "${result}"`, { result }] as const),
  ['a success without a token', { result: '00' }],
  ...failures,
];

const datacomsysRefusals: readonly (readonly [how: string, fault: SandboxFault])[] = [
  ...statuses.map((status) => [`HTTP 200 and the status ${status} in the envelope`, { status: 200, body: { status } }] as const),
  ['a success without a token', { status: 200, body: { status: 200, msg: 'Authentification OK', data: {} } }],
  ...failures,
];

describe('ten callers in a loop for ten seconds cost at most five logins at eSignon', () => {
  it.each([['a wrong password', undefined] as const, ...esignonRefusals])('where the login is refused by %s', async (_how, fault) => {
    await using sandbox = await startEsignonSandbox();
    const [{ companyId, email }] = sandbox.accounts;
    const clock = manualClock({ now: Date.now() });
    if (fault !== undefined) sandbox.fail(fault, always);
    await hammer(createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url, clock }), clock);
    expect(sandbox.logins).toSatisfy(isFew);
  });

  it('where the company may not use the API', async () => {
    const account = { companyId: 'acme', email: 'api@acme.example', password, allowed: false };
    await using sandbox = await startEsignonSandbox({ accounts: [account] });
    const clock = manualClock({ now: Date.now() });
    const { companyId, email } = account;
    const codes = await hammer(createEsignonTokenProvider({ companyId, email, password, baseUrl: sandbox.url, clock }), clock);
    expect([codes, sandbox.logins]).toEqual([['NOT_ALLOWED', 'COOLING_DOWN'], 1]);
  });
});

describe('ten callers in a loop for ten seconds cost at most five logins at DataComSys', () => {
  it.each([['a wrong password', undefined] as const, ...datacomsysRefusals])('where the login is refused by %s', async (_how, fault) => {
    await using sandbox = await startDatacomsysSandbox();
    const [{ codePort, idERP }] = sandbox.accounts;
    const clock = manualClock({ now: Date.now() });
    if (fault !== undefined) sandbox.fail(fault, always);
    await hammer(createDatacomsysTokenProvider({ codePort, idERP, password, baseUrl: sandbox.url, clock }), clock);
    expect(sandbox.logins).toSatisfy(isFew);
  });
});

/** Whether a login that meets this fault ends at once, and another attempt is of no use. */
function isFinal(fault: Fault, vendor: Vendor): boolean {
  return expectationsOf(fault, vendor).every((each) => 'code' in each && each.exchanges === 1 && each.retryAfter === undefined);
}

describe.each(vendors)('every answer of the fault matrix that ends a login of $name for good', (vendor) => {
  it.each(Object.entries(faults))('costs ten callers in a loop for ten seconds at most five logins (%s)', async (_group, group) => {
    await using elsewhere = await startElsewhere();
    const logins = group
      .filter((fault) => isFinal(fault, vendor))
      .map(async (fault) => {
        await using place = await openPlace(vendor, elsewhere.origin);
        const clock = manualClock({ now: Date.now() });
        place.gateway.disturb(fault, 'login');
        await hammer(place.createProvider(fault, { clock }), clock);
        return [fault.name, place.gateway.logins] as const;
      });
    expect((await Promise.all(logins)).filter(([, count]) => !isFew(count))).toEqual([]);
  });
});
