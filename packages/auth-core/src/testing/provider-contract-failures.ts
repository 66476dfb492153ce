import assert from 'node:assert/strict';

import type { AuthErrorCode } from '../auth-error.ts';
import type { ReceivedRequest, Reply } from './exchange.ts';
import type { Fault } from './fault.ts';
import type { ProviderUnderTest } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { withSandbox } from './with-sandbox.ts';

/** What a failed exchange is, whichever vendor it was with. */
const failures: readonly (readonly [what: string, fault: Fault, code: AuthErrorCode])[] = [
  ['a page that is no answer', 'garbage', 'BAD_RESPONSE'],
  ['an announced body of 4 MiB', 'oversize', 'BAD_RESPONSE'],
  ['a body without end', 'flood', 'BAD_RESPONSE'],
  ['a redirect', { redirect: '/elsewhere', status: 307 }, 'BAD_RESPONSE'],
  ['an empty answer', { status: 200, body: '' }, 'BAD_RESPONSE'],
  ['a connection that is reset', 'reset', 'NETWORK'],
  ['an answer that is cut off', 'cut', 'NETWORK'],
  ['silence', 'silent', 'TIMEOUT'],
  ['an internal error', { status: 500, body: {} }, 'VENDOR_ERROR'],
  ['a page of a gateway', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' }, 'VENDOR_ERROR'],
];

/** Short enough for a test, long enough for an answer on loopback. */
const attemptTimeout = 2_000;
const impatient = 100;

/** Half of the pause between attempts is jitter: none of it is left. */
const shortPauses = (): number => 0.999;

/** Logins that fail for no fault of the credentials. */
export function describeFailures({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('failures', () => {
    for (const [what, fault, code] of failures) {
      it(`that are ${what} end in ${code}, and the next login works`, () =>
        withSandbox(subject, async ({ sandbox, create, failure }) => {
          const provider = create({ attemptTimeout: fault === 'silent' ? impatient : attemptTimeout });
          sandbox.fail(fault, { on: 'login' });
          const error = await failure(provider.getToken());
          assert.equal(error.code, code);
          assert.equal(sandbox.requests.length, 1);
          // Who is impatient with silence may also be too impatient for a good answer.
          const next = fault === 'silent' ? create() : provider;
          assert.ok((await next.getToken()).value !== '');
        }));
    }

    it('of the vendor are retried, and told when that did not help', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create({ retries: 1, random: shortPauses });
        sandbox.fail({ status: 500, body: {} }, { on: 'login', times: 3 });
        const error = await failure(provider.getToken());
        assert.deepEqual([error.code, error.status, error.retryable, error.attempts], ['VENDOR_ERROR', 500, true, 2]);
        await provider.getToken();
        assert.equal(sandbox.logins, 4);
      }));

    it('that ask for a pause get it', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create({ retries: 2 });
        sandbox.fail({ status: 429, retryAfter: 60, body: {} }, { on: 'login' });
        const error = await failure(provider.getToken());
        assert.deepEqual([error.code, error.status, error.retryAfter], ['VENDOR_ERROR', 429, 60_000]);
        const later = await failure(provider.getToken());
        assert.deepEqual([later.code, later.reason], ['COOLING_DOWN', 'VENDOR_ERROR']);
        assert.equal(sandbox.logins, 1);
      }));

    describeEchoes({ describe, it }, subject);
  });
}

/** Answers that repeat what was sent. */
function describeEchoes({ it }: TestRunner, subject: ProviderUnderTest): void {
  for (const status of [200, 400, 401, 500]) {
    it(`that repeat the request with HTTP ${status} do not carry the password into the error`, () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const answers: ((request: ReceivedRequest) => Reply)[] = [
          ({ body }) => ({ status, text: body }),
          ({ body }) => ({ status, json: body }),
          ({ body }) => ({ status, text: body, headers: { 'content-type': 'application/json' } }),
          ({ body }) => ({ status, json: { error: body, message: body, request: JSON.stringify(body) } }),
        ];
        for (const answer of answers) {
          sandbox.fail({ answer }, { on: 'login' });
          await failure(create().getToken());
        }
      }));
  }
}
