import assert from 'node:assert/strict';

import type { Fault } from './fault.ts';
import type { ProviderUnderTest } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';
import { withSandbox } from './with-sandbox.ts';

/** What any API may answer that says nothing of the token. */
const othersErrors: readonly Fault[] = [
  { status: 400, body: {} },
  { status: 403, body: {} },
  { status: 404, body: 'not found' },
  { status: 422, body: { errors: [] } },
  { status: 500, body: '' },
  { status: 503, retryAfter: 1, body: {} },
  { status: 200, body: [] },
  { status: 200, body: 'null' },
  'garbage',
];

/** Tokens and passwords that the vendor refuses. */
export function describeRefusals({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('refusals', () => {
    it('of a revoked token are recognised, and a thousand callers cost one login', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const rejected = await provider.getToken();
        sandbox.revoke(rejected.value);
        assert.deepEqual(await call(provider, rejected), { accepted: false, rejection: true });
        const tokens = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken({ rejected })));
        const [token = rejected] = tokens;
        assert.equal(new Set(tokens).size, 1);
        assert.notEqual(token.value, rejected.value);
        assert.equal(await provider.getToken({ rejected }), token, 'a straggler costs no login');
        assert.equal(sandbox.logins, 2);
        assert.deepEqual(await call(provider, token), { accepted: true, rejection: false });
      }));

    it('of something else than the token are not taken for one', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const token = await provider.getToken();
        for (const fault of [...othersErrors, ...(subject.otherErrors ?? [])]) {
          sandbox.fail(fault, { on: 'call' });
          assert.equal((await call(provider, token)).rejection, false, `taken for a refused token: ${JSON.stringify(fault)}`);
        }
      }));

    it('of a wrong password say so, and it is not tried again', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create({ retries: 2 }, { password: 'wrong' });
        const refused = await failure(provider.getToken());
        assert.equal(refused.code, 'INVALID_CREDENTIALS');
        assert.equal(refused.retryable, false);
        assert.equal(sandbox.logins, 1);
        const cooling = await failure(provider.getToken());
        assert.equal(cooling.code, 'COOLING_DOWN');
        assert.equal(cooling.reason, 'INVALID_CREDENTIALS');
        assert.equal(cooling.vendorCode, refused.vendorCode);
        assert.equal(cooling.vendorMessage, refused.vendorMessage);
        assert.ok((cooling.retryAfter ?? 0) > 0);
        assert.equal(sandbox.logins, 1);
      }));

    it('of a wrong password end when the function returns the right one', () =>
      withSandbox(subject, async ({ create, failure, password }) => {
        const passwords = ['wrong', password];
        const provider = create({}, { password: () => passwords.shift() ?? password });
        assert.equal((await failure(provider.getToken())).code, 'INVALID_CREDENTIALS');
        assert.ok((await provider.getToken()).value !== '');
      }));
  });
}
