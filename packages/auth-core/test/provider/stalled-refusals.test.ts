import { createTokenProvider, sendLoginRequest, vendorError } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { failureOf, password, startRawServer } from './exchange.ts';

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => clock[Symbol.dispose]());

/** Shorter than the second that the body of a failure is waited for. */
const attemptTimeout = 500;

/** A provider of a vendor whose logins get a head with this status, and half of a body. `head` is fulfilled with the nth head that was read. */
async function setUp(status: number) {
  const heads = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  let logins = 0;
  let read = 0;
  const server = await startRawServer((socket) => {
    logins += 1;
    socket.write(`HTTP/1.1 ${status} Some Reason\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"message":`);
  });
  onTestFinished(() => server.close());
  // Without timers of its own, which would be replaced, too.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } });
  onTestFinished(() => dispatcher.destroy());
  const provider = createTokenProvider(
    {
      name: 'acme',
      baseUrl: new URL(server.url).origin,
      identity: 'account',
      secret: () => password,
      async login(context) {
        const reportDate = (): void => heads[read++]?.resolve();
        const request = { provider: 'acme', url: new URL(server.url), json: { password } };
        const response = await sendLoginRequest(request, { ...context, reportDate });
        const code = response.status === 401 ? 'INVALID_CREDENTIALS' : response.status === 403 ? 'NOT_ALLOWED' : 'VENDOR_ERROR';
        throw vendorError(response, { provider: 'acme', code, message: 'the login failed', secrets: [password] });
      },
      isRejection: () => false,
    },
    { retries: 2, random: () => 0, clock, attemptTimeout, dispatcher },
  );
  return { provider, logins: () => logins, head: (count: number) => heads[count]?.promise };
}

/** Ends the time of an attempt, and lets all happen that follows from it. */
async function endAttempt(): Promise<void> {
  await clock.advance(attemptTimeout);
  for (let turn = 0; turn < 20; turn += 1) await clock.settle();
}

describe('a login whose answer stops in its body when the time of the attempt is over', () => {
  it.each([
    [401, 'INVALID_CREDENTIALS'],
    [403, 'NOT_ALLOWED'],
  ])('is refused where the head says so (HTTP %i), and the credentials are not sent again', async (status, code) => {
    const { provider, logins, head } = await setUp(status);
    const failure = failureOf(provider.getToken());
    await head(0);
    await endAttempt();
    expect(await failure).toMatchObject({ code, vendorStatus: status, attempts: 1, retryable: false });
    expect(logins()).toBe(1);
  });

  it('is one that came too late where the head tells of no refusal, and is made again', async () => {
    const { provider, logins, head } = await setUp(503);
    const failure = failureOf(provider.getToken());
    for (const [attempt, pause] of [200, 400, 0].entries()) {
      await head(attempt);
      await endAttempt();
      await clock.advance(pause);
    }
    const error = await failure;
    expect(error).toMatchObject({ code: 'TIMEOUT', attempts: 3, retryable: true });
    expect(error.message).toMatch(/^acme: login timed out: .*attemptTimeout/);
    expect(logins()).toBe(3);
  });
});
