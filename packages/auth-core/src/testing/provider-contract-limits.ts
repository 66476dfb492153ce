import { setTimeout as pause } from 'node:timers/promises';

import { expectEqual, expectThat } from './expectations.ts';
import { type ProviderUnderTest, withSandbox } from './provider-under-test.ts';
import type { TestRunner } from './test-runner.ts';

const mebibyte = 1024 * 1024;

/** As much as a server sends that has no end. A reader without a limit would take it all. */
const endless = 64 * mebibyte;

/** What the buffers of two sockets hold on top of a megabyte that a login may read, amply. */
const mostThatIsSent = 32 * mebibyte;

/** A piece of a body that trickles every few milliseconds, for far longer than the attempt may take. */
const trickle = { every: 10, pieces: 120, attemptTimeout: 200 };

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

  it('a login that gets a body that trickles fails with TIMEOUT, and closes the connection', () =>
    withSandbox(subject, async ({ sandbox, create, failure }) => {
      const ended = new Promise<BodyEnd>((end) => {
        sandbox.fail({ answer: () => ({ status: 200, stream: trickling(end) }) }, { on: 'login' });
      });
      const error = await failure(create({ attemptTimeout: trickle.attemptTimeout }).getToken());
      expectEqual(error.code, 'TIMEOUT', 'a login ends with its time, also if pieces of the body still come');
      // The body may not have begun in time: then nothing was read that could go on.
      const unused = pause(2 * trickle.every * trickle.pieces, 'closed', { ref: false });
      expectEqual(await Promise.race([ended, unused]), 'closed', 'an exchange ends when the signal of its context fires');
    }));
}

/** How a body ended: it was sent whole, or the client closed the connection. */
type BodyEnd = 'whole' | 'closed';

async function* trickling(end: (how: BodyEnd) => void): AsyncGenerator<Uint8Array> {
  let how: BodyEnd = 'closed';
  try {
    for (let piece = 0; piece < trickle.pieces; piece++, await pause(trickle.every)) yield Buffer.from(' ');
    how = 'whole';
  } finally {
    end(how);
  }
}
