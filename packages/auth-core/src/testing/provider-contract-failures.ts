import type { AuthErrorCode } from '../auth-error.ts';
import type { ReceivedRequest, Reply } from './exchange.ts';
import { expectEqual, expectThat } from './expectations.ts';
import type { Fault } from './fault.ts';
import { attemptTimeouts, describeLimits } from './provider-contract-limits.ts';
import { type ProviderUnderTest, withSandbox } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';

/** The code of a failed exchange, the same for every vendor. */
const failures: readonly (readonly [what: string, fault: Fault, code: AuthErrorCode])[] = [
  ['a web page', 'garbage', 'BAD_RESPONSE'],
  ['a body with a Content-Length of 4 MiB', 'oversize', 'BAD_RESPONSE'],
  ['a redirect', { redirect: '/elsewhere', status: 307 }, 'BAD_RESPONSE'],
  ['an empty body', { status: 200, body: '' }, 'BAD_RESPONSE'],
  ['a connection that is reset', 'reset', 'NETWORK'],
  ['a body that is cut off', 'cut', 'NETWORK'],
  ['HTTP 500', { status: 500, body: {} }, 'VENDOR_ERROR'],
  ['the 502 page of a gateway', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' }, 'VENDOR_ERROR'],
];

/** Long enough for a response on loopback, however busy the machine is. */
const attemptTimeout = 10_000;

/** Half of the pause between attempts is jitter: this makes it the shortest. */
const shortestPause = (): number => 0.999;

/** Rejected tokens, refused credentials and failed logins. */
export function describeFailures(runner: TestRunner, subject: ProviderUnderTest): void {
  describeRejections(runner, subject);
  describeRefusals(runner, subject);
  describeFailedLogins(runner, subject);
}

function describeFailedLogins({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('failed logins', () => {
    for (const [what, fault, code] of failures) {
      it(`a login that gets ${what} fails with ${code}, and the next login works once its pause is over`, () =>
        withSandbox(subject, async ({ sandbox, create, failure }) => {
          const provider = create({ attemptTimeout });
          sandbox.fail(fault, { on: 'login' });
          const error = await failure(provider.getToken());
          expectEqual(error.code, code, `a login that gets ${what} has this code`);
          expectEqual(sandbox.requests.length, 1, 'the login is sent once, and no redirect is followed');
          await provider.forget();
          expectThat((await provider.getToken()).value !== '', 'the next login works');
        }));
    }

    it('a login that gets no response fails with TIMEOUT, and the next login works', async () => {
      let sent = 0;
      for (const shortTimeout of attemptTimeouts) if (sent === 0) sent = await countUnanswered(subject, shortTimeout);
      expectEqual(sent, 1, 'the login is sent once');
    });

    describeLimits({ describe, it }, subject);

    it('a login that fails at the vendor is retried, and the last failure is reported', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create({ retries: 1, random: shortestPause });
        sandbox.fail({ status: 500, body: {} }, { on: 'login', times: 3 });
        const error = await failure(provider.getToken());
        const { code, vendorStatus, retryable, attempts } = error;
        const expected = { code: 'VENDOR_ERROR', vendorStatus: 500, retryable: true, attempts: 2 };
        expectEqual(
          { code, vendorStatus, retryable, attempts },
          expected,
          'HTTP 500 is retried, and the last failure reported (see vendorError)',
        );
        await provider.getToken();
        expectEqual(sandbox.logins, 4, 'each getToken() made two attempts');
      }));

    it('a pause that the vendor asks for is kept to', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create({ retries: 2 });
        sandbox.fail({ status: 429, retryAfter: 60, body: {} }, { on: 'login' });
        const error = await failure(provider.getToken());
        const asked = [error.code, error.vendorStatus, error.retryAfter];
        expectEqual(asked, ['VENDOR_ERROR', 429, 60_000], 'HTTP 429 is an error with the pause of Retry-After (see vendorError)');
        const later = await failure(provider.getToken());
        expectEqual([later.code, later.reason], ['COOLING_DOWN', 'VENDOR_ERROR'], 'nothing is sent during that pause');
        expectEqual(sandbox.logins, 1, 'nothing is sent during that pause');
      }));

    describeEchoes({ describe, it }, subject);
  });
}

/** How many requests one login was that got no response: 0 where its time was up before the first was on its way. */
async function countUnanswered(subject: ProviderUnderTest, shortTimeout: number): Promise<number> {
  let sent = 0;
  await withSandbox(subject, async ({ sandbox, create, failure }) => {
    sandbox.fail('silent', { on: 'login' });
    const error = await failure(create({ attemptTimeout: shortTimeout }).getToken());
    expectEqual(error.code, 'TIMEOUT', 'a login that gets no response has this code');
    sent = sandbox.requests.length;
    if (sent > 0) expectThat((await create().getToken()).value !== '', 'the next login works');
  });
  return sent;
}

function describeEchoes({ it }: TestRunner, subject: ProviderUnderTest): void {
  for (const status of [200, 400, 401, 500]) {
    it(`a response with HTTP ${status} that repeats the request does not bring the password into the error`, () =>
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

/** Responses of any API that do not reject the token. */
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

function describeRejections({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('rejected tokens', () => {
    it('a revoked token is recognised as rejected, and a thousand callers replace it with one login', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const rejected = await provider.getToken();
        sandbox.revoke(rejected.value);
        expectEqual(
          await call(provider, rejected),
          { accepted: false, rejection: true },
          'isRejection recognises the response to a revoked token',
        );
        const tokens = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken({ rejected })));
        const [token = rejected] = tokens;
        expectEqual(new Set(tokens).size, 1, 'all callers get the same new token');
        expectThat(token.value !== rejected.value, 'the new token is another one than the rejected one');
        expectThat((await provider.getToken({ rejected })) === token, 'a late rejection costs no login');
        expectEqual(sandbox.logins, 2, 'the rejected token was replaced with one login');
        expectEqual(await call(provider, token), { accepted: true, rejection: false }, 'the vendor accepts the new token');
      }));

    it('an error that does not concern the token is not taken for a rejection', () =>
      withSandbox(subject, async ({ sandbox, create, call }) => {
        const provider = create();
        const token = await provider.getToken();
        for (const fault of [...othersErrors, ...(subject.otherErrors ?? [])]) {
          sandbox.fail(fault, { on: 'call' });
          const { rejection } = await call(provider, token);
          expectThat(!rejection, `isRejection is false for an error that does not concern the token: ${JSON.stringify(fault)}`);
        }
      }));
  });
}

function describeRefusals({ describe, it }: TestRunner, subject: ProviderUnderTest): void {
  describe('refused credentials', () => {
    it('a wrong password is INVALID_CREDENTIALS, and it is not sent again', () =>
      withSandbox(subject, async ({ sandbox, create, failure }) => {
        const provider = create({ retries: 2 }, { password: 'wrong' });
        const refused = await failure(provider.getToken());
        expectEqual(
          [refused.code, refused.retryable],
          ['INVALID_CREDENTIALS', false],
          'a wrong password has this code, and is not retryable',
        );
        expectEqual(sandbox.logins, 1, 'a wrong password is sent once');
        const cooling = await failure(provider.getToken());
        expectEqual([cooling.code, cooling.reason], ['COOLING_DOWN', 'INVALID_CREDENTIALS'], 'refused credentials cool down');
        const said = [cooling.vendorCode, cooling.vendorMessage];
        expectEqual(said, [refused.vendorCode, refused.vendorMessage], 'the error of the cooldown repeats what the vendor said');
        expectThat((cooling.retryAfter ?? 0) > 0, 'the error of the cooldown tells how long it lasts');
        expectEqual(sandbox.logins, 1, 'a wrong password is not sent again');
      }));

    it('a corrected password is used at once', () =>
      withSandbox(subject, async ({ create, failure, password }) => {
        const passwords = ['wrong', password];
        const provider = create({}, { password: () => passwords.shift() ?? password });
        expectEqual((await failure(provider.getToken())).code, 'INVALID_CREDENTIALS', 'a wrong password has this code');
        expectThat((await provider.getToken()).value !== '', 'a corrected password is tried at once');
      }));
  });
}
