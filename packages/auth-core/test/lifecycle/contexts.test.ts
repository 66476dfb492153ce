import { AsyncLocalStorage } from 'node:async_hooks';
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { channels } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { expect, it, onTestFinished } from 'vitest';

import { stubVendor } from './stub-vendor.ts';

const requests = new AsyncLocalStorage<{ readonly id: string }>();

it('a login and a refresh run in no caller’s async context, and neither do their events', async () => {
  using clock = manualClock({ timers: true });
  const seen: unknown[] = [];
  const note = (): void => void seen.push(requests.getStore()?.id);
  subscribe(channels.loginEnd, note);
  onTestFinished(() => void unsubscribe(channels.loginEnd, note));
  const vendor = stubVendor({
    now: () => clock.now(),
    otherwise: (issue) => {
      note();
      return issue();
    },
  });
  const provider = requests.run({ id: 'maker' }, () => createTokenProvider(vendor.protocol, { clock, random: () => 0 }));
  await requests.run({ id: 'first' }, () => provider.getToken());
  await clock.advance(3_599_000);
  requests.run({ id: 'second' }, () => provider.peekToken());
  await clock.settle();
  expect(vendor.logins).toBe(2);
  expect(seen).toEqual([undefined, undefined, undefined, undefined]);
});

it('a caller goes on in its own async context, with and without a signal', async () => {
  const vendor = stubVendor({ now: () => Date.now() });
  const provider = createTokenProvider(vendor.protocol);
  const ids = await Promise.all(
    [undefined, new AbortController().signal].map((signal, index) =>
      requests.run({ id: `caller ${index}` }, async () => {
        await provider.getToken({ signal });
        return requests.getStore()?.id;
      }),
    ),
  );
  expect(ids).toEqual(['caller 0', 'caller 1']);
});

it('a provider keeps no request alive: not the one that made it, not the one that logged in, not one that was aborted', async () => {
  const args = ['--expose-gc', '--conditions=@x/source', join(import.meta.dirname, '../../../../test/nodes/kept-requests.mjs')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toEqual({ aborted: true, left: [false, false, false] });
});
