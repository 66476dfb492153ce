import { channel } from 'node:diagnostics_channel';

import { type AccessToken, channels } from '@x/auth-core';
import { expect, it } from 'vitest';

import { getRenewedToken } from '../src/renewed-token.ts';
import { testVendor } from './proxy/helpers.ts';

const token = (value: string): AccessToken => ({ value, issuedAt: 0 });

/** A provider whose token is in its refresh window. What a test does when the renewal has begun is up to it. */
function renewing(begun: (replace: (next: AccessToken | undefined) => void) => void): Parameters<typeof getRenewedToken>[0] {
  let current: AccessToken | undefined = token('old');
  let peeked = 0;
  const peekToken = (): AccessToken | undefined => {
    peeked += 1;
    // The core starts the renewal behind its callers.
    if (peeked === 1) setImmediate(() => begun((next) => void (current = next)));
    return current;
  };
  const { provider } = testVendor('https://acme.example');
  return {
    ...provider,
    name: 'acme',
    peekToken,
    getToken: () => Promise.resolve(token('old')),
    status: () => Promise.resolve({ refreshAt: 1 }),
  };
}

const told = (provider: string): void => channel(channels.refresh).publish({ provider, ok: true });
const go = { signal: new AbortController().signal, now: () => 2 };

it('a command waits for its own renewal, and not for that of another account in the process', async () => {
  const provider = renewing((replace) => {
    told('other');
    setImmediate(() => {
      replace(token('new'));
      told('acme');
    });
  });
  expect((await getRenewedToken(provider, go)).value).toBe('new');
});

it('a command goes on with the old token where another process has dropped it meanwhile', async () => {
  const provider = renewing((replace) => {
    replace(undefined);
    told('acme');
  });
  expect((await getRenewedToken(provider, go)).value).toBe('old');
});

it('Ctrl-C ends the waiting for a renewal, and the old token is still good', async () => {
  const ctrlC = new AbortController();
  const provider = renewing(() => ctrlC.abort());
  expect((await getRenewedToken(provider, { ...go, signal: ctrlC.signal })).value).toBe('old');
});

it('a token before its refresh window is not waited for', async () => {
  const provider = renewing(() => undefined);
  expect((await getRenewedToken(provider, { ...go, now: () => 0 })).value).toBe('old');
});
