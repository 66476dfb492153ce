import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { type ChannelMessages, channels, memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';

import { fails, stubVendor, unavailable } from './stub-vendor.ts';

const lifetime = 3_600_000;

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => {
  clock[Symbol.dispose]();
});

/** A vendor whose tokens end at a time that it does not tell. */
function setUp(options: TokenProviderOptions = {}) {
  let down: (() => never) | undefined;
  const vendor = stubVendor({
    now: () => clock.now(),
    secret: () => 'password',
    otherwise: (issue) => {
      if (down !== undefined) down();
      return { ...issue(), expiresAt: 'unknown' };
    },
  });
  const create = () => createTokenProvider(vendor.protocol, { clock, random: () => 0, fallbackLifetime: lifetime, retries: 0, ...options });
  const setDown = (failure: (() => never) | undefined): void => void (down = failure);
  return { vendor, provider: create(), create, setDown };
}

function heard<Name extends keyof ChannelMessages>(name: Name): ChannelMessages[Name][] {
  const messages: ChannelMessages[Name][] = [];
  const listen = (message: unknown): void => void messages.push(message as ChannelMessages[Name]);
  subscribe(channels[name], listen);
  onTestFinished(() => void unsubscribe(channels[name], listen));
  return messages;
}

it('a token whose end is only assumed is renewed in the background ahead of that end, as ever', async () => {
  const { vendor, provider } = setUp();
  const first = await provider.getToken();
  await clock.advance(lifetime - lifetime / 10);
  expect(await provider.getToken()).toBe(first);
  await clock.settle();
  expect(vendor.logins).toBe(2);
  expect(provider.peekToken()).not.toBe(first);
});

it('once the assumed end of a token is past, the next caller waits for one login', async () => {
  const { vendor, provider } = setUp({ refreshBefore: 0 });
  const first = await provider.getToken();
  await clock.advance(lifetime);
  expect(provider.peekToken()).toBeUndefined();
  const tokens = await Promise.all([provider.getToken(), provider.getToken()]);
  expect(tokens[0]).not.toBe(first);
  expect(vendor.logins).toBe(2);
});

it.each([
  ['fails', unavailable],
  ['is refused', fails('INVALID_CREDENTIALS')],
  ['brings nothing usable', fails('BAD_RESPONSE')],
])(
  'a token stays in use past its assumed end while the login %s, and is handed out at once until the next try is due',
  async (_how, failure) => {
    const { vendor, provider, setDown } = setUp({ refreshBefore: 0, cooldown: 1 });
    const first = await provider.getToken();
    setDown(failure);
    await clock.advance(lifetime);
    expect(await provider.getToken()).toBe(first);
    expect(vendor.logins).toBe(2);
    expect(first.expiresAt).toBeLessThanOrEqual(clock.now());
    expect([provider.peekToken(), await provider.getToken()]).toEqual([first, first]);
    expect(vendor.logins).toBe(2);
    await clock.advance(1_000);
    expect(provider.peekToken()).toBeUndefined();
    expect(await provider.getToken()).toBe(first);
    expect(vendor.logins).toBe(3);
    await clock.advance(1_999);
    expect(await provider.getToken()).toBe(first);
    expect(vendor.logins).toBe(3);
    setDown(undefined);
    await clock.advance(1);
    expect(await provider.getToken()).not.toBe(first);
  },
);

it('a token past its assumed end is given up once the vendor rejects it: then a login that fails is the caller’s failure', async () => {
  const { provider, setDown } = setUp({ refreshBefore: 0 });
  const first = await provider.getToken();
  setDown(unavailable);
  await clock.advance(lifetime);
  expect(await provider.getToken()).toBe(first);
  await expect(provider.getToken({ rejected: first })).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
  expect(provider.peekToken()).toBeUndefined();
});

it('a token that is kept past its assumed end is told of by an event, without the token', async () => {
  const { provider, setDown } = setUp({ refreshBefore: 0 });
  const messages = heard('keptPastAssumedEnd');
  const first = await provider.getToken();
  setDown(unavailable);
  await clock.advance(lifetime);
  await provider.getToken();
  expect(messages).toMatchObject([{ provider: 'stub', code: 'VENDOR_ERROR', nextTryIn: 1_000 }]);
  expect(JSON.stringify(messages)).not.toContain(first.value);
});

it('a token past its assumed end is what a process that starts anew takes from the store while the login fails', async () => {
  const store = memoryStore();
  const { create, setDown, vendor } = setUp({ refreshBefore: 0, store });
  const first = await create().getToken();
  setDown(unavailable);
  await clock.advance(lifetime + 1);
  const restarted = create();
  expect((await restarted.getToken()).value).toBe(first.value);
  expect(await restarted.status()).toMatchObject({ assumedEnd: true, expiresAt: first.expiresAt });
  setDown(undefined);
  await clock.advance(1_000);
  expect((await restarted.getToken()).value).not.toBe(first.value);
  expect(vendor.logins).toBe(3);
});

it('a token whose end the vendor told is never handed out past it, whatever the login does', async () => {
  const vendor = stubVendor({ now: () => clock.now(), lifetime });
  const provider = createTokenProvider(vendor.protocol, { clock, random: () => 0, refreshBefore: 0, retries: 0 });
  await provider.getToken();
  vendor.script.push(unavailable);
  await clock.advance(lifetime);
  await expect(provider.getToken()).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
  expect(provider.peekToken()).toBeUndefined();
});
