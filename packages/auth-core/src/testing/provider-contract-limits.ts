import { setTimeout as pause } from 'node:timers/promises';

import type { Reply } from './exchange.ts';
import { expectEqual, expectThat } from './expectations.ts';
import { type ProviderUnderTest, withSandbox } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';

const mebibyte = 1024 * 1024;

/** As much as a server sends that has no end. A reader without a limit would take it all. */
const endless = 64 * mebibyte;

/** What the buffers of two sockets hold on top of a megabyte that a login may read, amply. */
const mostThatIsSent = 32 * mebibyte;

/** `attemptTimeout` where it is going to be over: where the machine is busy, the shorter ones may end before the request is on its way. */
export const attemptTimeouts: readonly number[] = [200, 2_000, 10_000];

/** A piece of a body that trickles comes every so many milliseconds. */
const trickleEvery = 10;

/** Responses to a login that would take all the memory, or all the time. */
export function describeLimits({ it }: TestRunner, subject: ProviderUnderTest): void {
  it('a login that gets a body without an end fails with BAD_RESPONSE, and stops reading', () =>
    withSandbox(subject, async ({ sandbox, create, failure }) => {
      let sent = 0;
      function* flood(): Generator<Uint8Array> {
        const piece = Buffer.alloc(65_536, ' ');
        for (; sent < endless; sent += piece.length) yield piece;
      }
      sandbox.fail({ answer: () => ({ status: 200, stream: flood() }) }, { on: 'login' });
      expectEqual((await failure(create().getToken())).code, 'BAD_RESPONSE', 'a body without an end is no response to a login');
      const read = Math.round(sent / mebibyte);
      expectThat(
        sent < mostThatIsSent,
        `a login closes the connection on a body that is too large, but it took ${read} MiB: limit what is read, as sendLoginRequest does`,
      );
    }));

  it('a login that gets a body that trickles fails with TIMEOUT, and closes the connection', async () => {
    let hasBegun = false;
    for (const attemptTimeout of attemptTimeouts) hasBegun ||= await trickle(subject, attemptTimeout);
    expectThat(hasBegun, 'the login is sent');
  });
}

/** Sends a body for far longer than the attempt may take. False: the time was over before the body began. */
async function trickle(subject: ProviderUnderTest, attemptTimeout: number): Promise<boolean> {
  let hasBegun = false;
  await withSandbox(subject, async ({ sandbox, create, failure }) => {
    const ended = new Promise<BodyEnd>((end) => {
      const answer = (): Reply => {
        hasBegun = true;
        return { status: 200, stream: trickling((4 * attemptTimeout) / trickleEvery, end) };
      };
      sandbox.fail({ answer }, { on: 'login' });
    });
    const error = await failure(create({ attemptTimeout }).getToken());
    expectEqual(error.code, 'TIMEOUT', 'a login ends with its time, also if pieces of the body still come');
    if (hasBegun) expectEqual(await ended, 'closed', 'an exchange ends when the signal of its context fires');
  });
  return hasBegun;
}

/** How a body ended: it was sent whole, or the client closed the connection. */
type BodyEnd = 'whole' | 'closed';

async function* trickling(pieces: number, end: (how: BodyEnd) => void): AsyncGenerator<Uint8Array> {
  let how: BodyEnd = 'closed';
  try {
    for (let piece = 0; piece < pieces; piece++, await pause(trickleEvery)) yield Buffer.from(' ');
    how = 'whole';
  } finally {
    end(how);
  }
}
