import { AuthError, type AuthErrorCode, memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider, ignoresPauses } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fails, stubVendor, type StubVendorOptions } from './stub-vendor.ts';

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => {
  clock[Symbol.dispose]();
});

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), secret: () => 'password', ...vendorOptions });
  const create = () => createTokenProvider(vendor.protocol, { clock, random: () => 0, retries: 0, ...options });
  return { vendor, create, provider: create() };
}

/** Ten callers who ask again as soon as they are answered, for so long; a tenth of a second passes between two rounds. */
async function hammer(provider: { getToken(): Promise<unknown> }, duration: number): Promise<Set<AuthErrorCode>> {
  const codes = new Set<AuthErrorCode>();
  for (let passed = 0; passed < duration; passed += 100) {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => provider.getToken()));
    for (const answer of answers) if (answer.status === 'rejected' && answer.reason instanceof AuthError) codes.add(answer.reason.code);
    await clock.advance(100);
  }
  return codes;
}

describe('a login that ends in an answer that is neither a success nor worth another try', () => {
  it.each(['VENDOR_ERROR', 'BAD_RESPONSE'] as const)('is made at most five times in ten seconds, whoever asks (%s)', async (code) => {
    const { vendor, provider } = setUp({}, { otherwise: fails(code) });
    expect(await hammer(provider, 10_000)).toEqual(new Set([code, 'COOLING_DOWN']));
    expect(vendor.logins).toBeLessThanOrEqual(5);
  });

  it('pauses the account for a second, doubling to a minute, and tells why and for how long', async () => {
    const { vendor, provider } = setUp({}, { otherwise: fails('BAD_RESPONSE', { vendorCode: '11' }) });
    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      await expect(provider.getToken()).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
      const paused = { code: 'COOLING_DOWN', reason: 'BAD_RESPONSE', vendorCode: '11', retryAfter: pause, retryable: true };
      await expect(provider.getToken()).rejects.toMatchObject(paused);
      await clock.advance(pause);
    }
    expect(vendor.logins).toBe(8);
  });

  it('is forgotten with a success: the next pause is a second again', async () => {
    const { vendor, provider } = setUp({}, { lifetime: 10_000 });
    vendor.script.push(fails('BAD_RESPONSE'), fails('BAD_RESPONSE'));
    await expect(provider.getToken()).rejects.toThrow();
    await clock.advance(1_000);
    await expect(provider.getToken()).rejects.toThrow();
    await clock.advance(2_000);
    await provider.getToken();
    await clock.advance(10_000);
    vendor.script.push(fails('BAD_RESPONSE'));
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    await expect(provider.getToken()).rejects.toMatchObject({ retryAfter: 1_000 });
  });

  it('pauses every process of the fleet, also one that starts later, and the pause grows on', async () => {
    const { vendor, create } = setUp({ store: memoryStore() }, { otherwise: fails('VENDOR_ERROR') });
    await expect(create().getToken()).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
    await expect(create().getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', reason: 'VENDOR_ERROR' });
    await clock.advance(1_000);
    await expect(create().getToken()).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
    await clock.advance(1_999);
    await expect(create().getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 1 });
    expect(vendor.logins).toBe(2);
  });

  it.each([
    ['a transient failure', fails('NETWORK', { retryable: true })],
    ['a wrong configuration', fails('CONFIG')],
  ])('is not %s: that pauses nothing', async (_what, failure) => {
    const { vendor, provider } = setUp();
    vendor.script.push(failure);
    await expect(provider.getToken()).rejects.not.toMatchObject({ code: 'COOLING_DOWN' });
    expect((await provider.getToken()).value).toBe('token-2');
  });
});

describe('a pause that a vendor asks for', () => {
  it('is kept to for an hour at the most', async () => {
    const { provider } = setUp();
    const forYears = 57 * 365 * 24 * 3_600_000;
    const failing = setUp({}, { otherwise: fails('VENDOR_ERROR', { retryable: true, retryAfter: forYears }) }).provider;
    await expect(failing.getToken()).rejects.toMatchObject({ retryAfter: 3_600_000 });
    expect((await failing.status()).pause?.until).toBe(clock.now() + 3_600_000);
    await expect(provider.getToken()).resolves.toBeDefined();
  });

  it('is an hour at the most also where a stored entry says otherwise', async () => {
    const store = memoryStore();
    const absurd = {
      ...store,
      set: (key: string, value: string) =>
        store.set(key, value.replace(/"pause":\d+,(.*)"pauseUntil":\d+/, '"pause":1e300,$1"pauseUntil":1e300')),
    };
    const { create, vendor } = setUp({ store: absurd }, { secret: () => 'password' });
    vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 60_000 }));
    await expect(create().getToken()).rejects.toThrow();
    await clock.advance(3_600_000);
    await expect(create().getToken()).resolves.toBeDefined();
  });
});

describe('a login over a store that says that its pauses forbid none', () => {
  it.each([
    ['a refusal', fails('INVALID_CREDENTIALS'), [30_000, 60_000]],
    ['a failure for good', fails('BAD_RESPONSE'), [1_000, 2_000]],
    ['a pause that the vendor asked for', fails('VENDOR_ERROR', { retryable: true, retryAfter: 60_000 }), [60_000, 60_000]],
  ] as const)('is made at once after %s, counts on if it fails, and ends the pause if it works', async (_what, failure, pauses) => {
    const store = memoryStore();
    const { vendor, create } = setUp({ store });
    const forced = setUp({ store: Object.assign({}, store, { [ignoresPauses]: true }) });
    const left = async (): Promise<number> => ((await create().status()).pause?.until ?? clock.now()) - clock.now();
    vendor.script.push(failure);
    await expect(create().getToken()).rejects.toThrow(AuthError);
    const first = await left();
    forced.vendor.script.push(failure);
    await expect(forced.create().getToken()).rejects.not.toMatchObject({ code: 'COOLING_DOWN' });
    expect([first, await left()]).toEqual(pauses);
    await forced.create().getToken();
    expect([await left(), forced.vendor.logins, vendor.logins]).toEqual([0, 2, 1]);
  });
});

describe('an account whose passwords are refused', () => {
  it.each([
    ['with a provider alone', undefined],
    ['over a store', memoryStore()],
  ])('pauses as such after five refusals within an hour, however many passwords there are (%s)', async (_where, store) => {
    let password = 0;
    const { vendor, create } = setUp({ store }, { secret: () => `wrong${(password += 1)}`, otherwise: fails('INVALID_CREDENTIALS') });
    const provider = create();
    for (let call = 0; call < 90; call += 1) await provider.getToken().catch(() => undefined);
    expect(vendor.logins).toBe(5);
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', reason: 'INVALID_CREDENTIALS', retryable: false });
    if (store !== undefined) {
      await expect(create().getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
      expect(vendor.logins).toBe(5);
    }
  });

  it.each(['INVALID_CREDENTIALS', 'NOT_ALLOWED'] as const)(
    'is told the pause that holds, not the one that the vendor asks for (%s)',
    async (code) => {
      let password = 'wrong0';
      const { provider } = setUp({ store: memoryStore() }, { secret: () => password, otherwise: fails(code, { retryAfter: 5_000 }) });
      for (let call = 1; call <= 5; call += 1) {
        const [pause, seconds] = call < 5 ? [30_000, 30] : [480_000, 480];
        const told = { code, retryAfter: pause, attempts: 1, message: `stub: ${code}; not tried again for ${seconds} s` };
        await expect(provider.getToken()).rejects.toMatchObject(told);
        await expect(provider.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: pause });
        password = `wrong${call}`;
      }
    },
  );

  it('is told no pause that nobody asks for', async () => {
    const { provider } = setUp({}, { otherwise: fails('NOT_ALLOWED', { vendorCode: '95' }) });
    const error = await provider.getToken().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: 'stub: NOT_ALLOWED (vendor code 95)' });
    expect(error).not.toHaveProperty('retryAfter');
  });

  it('is tried again when that pause is over, and a success ends all of it', async () => {
    let password = 'wrong0';
    const { vendor, provider } = setUp({}, { secret: () => password, lifetime: 1_000 });
    vendor.script.push(...Array.from({ length: 5 }, () => fails('INVALID_CREDENTIALS')));
    for (let call = 1; call <= 5; call += 1) {
      await expect(provider.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      password = `wrong${call}`;
    }
    password = 'right';
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 480_000 });
    await clock.advance(480_000);
    expect((await provider.getToken()).value).toBe('token-6');
    await clock.advance(1_000);
    vendor.script.push(fails('INVALID_CREDENTIALS'));
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    password = 'another';
    await expect(provider.getToken()).resolves.toBeDefined();
  });

  it('does not pause for refusals that are more than an hour apart', async () => {
    let password = 0;
    const { vendor, provider } = setUp({}, { secret: () => `wrong${(password += 1)}`, otherwise: fails('INVALID_CREDENTIALS') });
    for (let call = 0; call < 12; call += 1) {
      await expect(provider.getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      await clock.advance(15 * 60_000);
    }
    expect(vendor.logins).toBe(12);
  });
});
