import { AuthError, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { stubVendor } from './stub-vendor.ts';

const minute = 60_000;
const hour = 60 * minute;

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => clock[Symbol.dispose]());

/** The vendor's clock is right: it goes with the monotonic one, whatever the machine's wall clock says. */
const base = manualClock().now();
const vendorNow = (): number => base + clock.monotonic();

function setUp(options: TokenProviderOptions = {}, { tellsTime = true } = {}) {
  const vendor = stubVendor({ now: vendorNow });
  const login = vendor.protocol.login;
  const protocol = {
    ...vendor.protocol,
    login: async (context: Parameters<typeof login>[0]) => {
      const init = await login(context);
      if (tellsTime) context.reportDate?.(new Date(vendorNow()).toUTCString(), 20);
      return init;
    },
  };
  return { vendor, provider: createTokenProvider(protocol, { clock, random: () => 0, refreshBefore: 0, ...options }) };
}

it.each([-10 * minute, 10 * minute, -23 * hour, 23 * hour])(
  'a local clock that is off by %i ms is corrected by the vendor’s Date header',
  async (error) => {
    clock.step(error);
    const { vendor, provider } = setUp();
    const token = await provider.getToken();
    await clock.advance(hour - 1_000);
    expect(provider.peekToken()).toBe(token);
    await clock.advance(2_000);
    expect(provider.peekToken()).toBeUndefined();
    expect(vendor.logins).toBe(1);
  },
);

it.each([-400 * 24 * hour, 400 * 24 * hour])(
  'a Date header that is off by %i ms is not believed: no clock is that wrong',
  async (error) => {
    const { protocol } = stubVendor({ now: vendorNow });
    const login = async (context: Parameters<typeof protocol.login>[0]) => {
      context.reportDate?.(new Date(vendorNow() + error).toUTCString(), 20);
      return protocol.login(context);
    };
    const provider = createTokenProvider({ ...protocol, login }, { clock, random: () => 0, refreshBefore: 0 });
    expect((await provider.getToken()).expiresAt).toBe(vendorNow() + hour);
  },
);

it('the instants of a token are in local time, also where that is wrong', async () => {
  clock.step(10 * minute);
  const { provider } = setUp();
  const token = await provider.getToken();
  expect(Math.abs((token.expiresAt ?? 0) - (clock.now() + hour))).toBeLessThan(1_000);
  expect(Math.abs(token.issuedAt - clock.now())).toBeLessThan(1_000);
});

it.each([-4_000, 4_000])(
  'a local clock that is off by %i ms is taken for right: the Date header is no more exact than that',
  async (error) => {
    clock.step(error);
    const { provider } = setUp();
    const token = await provider.getToken();
    expect(token.expiresAt).toBe(base + hour);
  },
);

it.each([undefined, '', 'yesterday', 'Thu, 99 Foo'])('the local clock is believed where the Date header is %j', async (date) => {
  const vendor = stubVendor({ now: () => clock.now() });
  const provider = createTokenProvider(
    {
      ...vendor.protocol,
      async login(context) {
        context.reportDate?.(date, 10);
        return vendor.protocol.login(context);
      },
    },
    { clock },
  );
  expect((await provider.getToken()).expiresAt).toBe(clock.now() + hour);
});

it.each([
  { tellsTime: true, step: -2 * hour },
  { tellsTime: false, step: -2 * hour },
  { tellsTime: true, step: -30 * 24 * hour },
])('a clock that is stepped by $step ms does not resurrect a dead token (vendor tells time: $tellsTime)', async ({ tellsTime, step }) => {
  const { provider } = setUp({}, { tellsTime });
  const token = await provider.getToken();
  await clock.advance(hour - 1);
  clock.step(step);
  expect(provider.peekToken()).toBe(token);
  await clock.advance(1);
  expect(provider.peekToken()).toBeUndefined();
});

it('a clock that is stepped forward costs one login at most, and the token that it brings lives its whole life', async () => {
  const { vendor, provider } = setUp();
  await provider.getToken();
  clock.step(5 * hour);
  const second = await provider.getToken();
  expect(vendor.logins).toBe(2);
  await clock.advance(hour - 1_000);
  expect(provider.peekToken()).toBe(second);
  clock.step(-5 * hour);
  expect(provider.peekToken()).toBe(second);
  await clock.advance(1_500);
  expect(provider.peekToken()).toBeUndefined();
  expect(vendor.logins).toBe(2);
});

it('a clock that is stepped forward and back again does not bring back a token that was dead in between', async () => {
  const { provider } = setUp();
  const token = await provider.getToken();
  clock.step(2 * hour);
  expect(provider.peekToken()).toBeUndefined();
  clock.step(-2 * hour);
  expect(provider.peekToken()).toBeUndefined();
  expect(await provider.getToken()).not.toBe(token);
});

it('a clock that is stepped moves no cooldown and no pause', async () => {
  const vendor = stubVendor({ now: () => clock.now(), secret: () => 'wrong' });
  const refuse = { code: 'INVALID_CREDENTIALS' };
  vendor.script.push(() => {
    throw new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'stub', message: 'no' });
  });
  const provider = createTokenProvider(vendor.protocol, { clock });
  await expect(provider.getToken()).rejects.toMatchObject(refuse);
  clock.step(24 * hour);
  await expect(provider.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 30_000 });
  clock.step(-48 * hour);
  await clock.advance(30_000);
  expect((await provider.getToken()).value).toBe('token-2');
});

it.each([hour, 'unknown'] as const)(
  'the instants of a token and of its status are whole milliseconds, whatever the clocks say (%s)',
  async (lifetime) => {
    const fraction = { now: () => clock.now() + 0.092, monotonic: () => clock.monotonic() + 0.717 };
    const vendor = stubVendor({
      now: () => fraction.now(),
      otherwise: () => ({ value: 'token', expiresAt: lifetime === 'unknown' ? lifetime : fraction.now() + lifetime }),
    });
    const protocol = { ...vendor.protocol, secret: () => 'password' };
    const provider = createTokenProvider(protocol, { clock: fraction, random: () => 0.321, retries: 0 });
    const { issuedAt, expiresAt } = await provider.getToken();
    const { refreshAt, ...status } = await provider.status();
    vendor.script.push(() => {
      throw new AuthError({ code: 'VENDOR_ERROR', provider: 'stub', message: 'stub: no', retryable: true, retryAfter: 1_000.5 });
    });
    await provider.forget();
    await expect(provider.getToken()).rejects.toThrow();
    const pause = (await provider.status()).pause?.until;
    for (const instant of [issuedAt, expiresAt, refreshAt, status.issuedAt, status.expiresAt, pause])
      expect(instant).toSatisfy(Number.isSafeInteger);
  },
);
