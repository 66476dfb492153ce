import { type AuthError, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fails, stubVendor, type StubVendorOptions, unavailable } from './stub-vendor.ts';

const hour = 3_600_000;
const day = 24 * hour;

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => {
  clock[Symbol.dispose]();
});

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), ...vendorOptions });
  const provider = createTokenProvider(vendor.protocol, { clock, random: () => 0, ...options });
  return { vendor, provider };
}

async function failure(work: Promise<unknown>): Promise<AuthError> {
  return work.then(
    () => expect.fail('expected a failure'),
    (error: unknown) => error as AuthError,
  );
}

/** A millisecond before a boundary, at it, and after it. */
const around = [-1, 0, 1];

/** Each boundary, of a long and of a short token. */
const boundaries = [
  { kind: 'a token of 30 days', lifetime: 30 * day, window: day },
  { kind: 'a token of an hour', lifetime: hour, window: hour / 10 },
].flatMap((kind) => around.map((offset) => ({ ...kind, offset })));

describe('a token that ends', () => {
  it.each(boundaries)('$kind is refreshed from the beginning of its window on ($offset ms)', async ({ lifetime, window, offset }) => {
    const { vendor, provider } = setUp({}, { lifetime });
    const first = await provider.getToken();
    await clock.advance(lifetime - window + offset);
    expect(await provider.getToken()).toBe(first);
    await clock.settle();
    expect(vendor.logins).toBe(offset < 0 ? 1 : 2);
  });

  it.each(boundaries)('$kind is handed out until its end and never from it on ($offset ms)', async ({ lifetime, offset }) => {
    const { vendor, provider } = setUp({ refreshBefore: 0 }, { lifetime });
    const first = await provider.getToken();
    await clock.advance(lifetime + offset);
    expect(provider.peekToken()).toBe(offset < 0 ? first : undefined);
    expect(vendor.logins).toBe(1);
    const second = await provider.getToken();
    expect(second === first).toBe(offset < 0);
    expect(vendor.logins).toBe(offset < 0 ? 1 : 2);
  });

  it.each(boundaries)(
    'jitter begins the window of $kind a fifth of it earlier at most ($offset ms)',
    async ({ lifetime, window, offset }) => {
      const { vendor, provider } = setUp({ random: () => 1 }, { lifetime });
      await provider.getToken();
      await clock.advance(lifetime - window * 1.2 + offset);
      await provider.getToken();
      await clock.settle();
      expect(vendor.logins).toBe(offset < 0 ? 1 : 2);
    },
  );
});

describe('a token without an end', () => {
  it('a token without an end is handed out for ever', async () => {
    const { vendor, provider } = setUp({}, { lifetime: null });
    const first = await provider.getToken();
    await clock.advance(100 * 365 * day);
    expect(await provider.getToken()).toBe(first);
    expect(first.expiresAt).toBeUndefined();
    expect(vendor.logins).toBe(1);
  });
});

describe('a token of unknown end', () => {
  it.each([
    { what: 'unknown', expiresAt: () => 'unknown' as const },
    { what: 'already past', expiresAt: () => clock.now() },
    { what: 'long past', expiresAt: () => 0 },
  ])('a token whose end is $what lives for fallbackLifetime and causes no login per call', async ({ expiresAt }) => {
    const { vendor, provider } = setUp({ refreshBefore: 0, fallbackLifetime: hour });
    vendor.script.push(() => ({ value: 'odd', expiresAt: expiresAt() }));
    const token = await provider.getToken();
    expect(token.expiresAt).toBe(clock.now() + hour);
    await clock.advance(hour - 1);
    expect(await provider.getToken()).toBe(token);
    expect(vendor.logins).toBe(1);
    await clock.advance(1);
    expect(await provider.getToken()).not.toBe(token);
  });
});

describe('refreshBefore', () => {
  it.each([
    { refreshBefore: hour, random: 0, starts: hour / 2, why: 'not below the lifetime: half of it' },
    { refreshBefore: 2 * hour, random: 0, starts: hour / 2, why: 'more than the lifetime: half of it' },
    { refreshBefore: hour - 1_000, random: 1, starts: 500, why: 'jitter leaves half of what comes before the window' },
    { refreshBefore: 60_000, random: 0.5, starts: hour - 66_000, why: 'jitter makes it earlier' },
  ])(
    'with a refreshBefore of $refreshBefore ms and jitter $random, the refresh of a token of an hour begins after $starts ms: $why',
    async ({ refreshBefore, random, starts }) => {
      const { vendor, provider } = setUp({ refreshBefore, random: () => random });
      await provider.getToken();
      await clock.advance(starts - 1);
      provider.peekToken();
      expect(vendor.logins).toBe(1);
      await clock.advance(1);
      provider.peekToken();
      await clock.settle();
      expect(vendor.logins).toBe(2);
    },
  );

  it('a refreshBefore of 0 never refreshes ahead of the end', async () => {
    const { vendor, provider } = setUp({ refreshBefore: 0 });
    await provider.getToken();
    await clock.advance(hour - 1);
    provider.peekToken();
    await clock.settle();
    expect(vendor.logins).toBe(1);
  });
});

describe('a refresh that fails', () => {
  it('a refresh that fails keeps the token and pauses a second, doubling, up to five minutes', async () => {
    const { vendor, provider } = setUp({ refreshBefore: hour }, { otherwise: unavailable, lifetime: 2 * hour });
    vendor.script.push(() => ({ value: 'first', expiresAt: clock.now() + 2 * hour }));
    const first = await provider.getToken();
    await clock.advance(hour);
    let logins = 1;
    for (const pause of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
      expect(await provider.getToken()).toBe(first);
      await clock.settle();
      expect(vendor.logins).toBe(++logins);
      await clock.advance(pause * 1_000 - 1);
      provider.peekToken();
      await clock.settle();
      expect(vendor.logins).toBe(logins);
      await clock.advance(1);
    }
  });

  it('the pause after a failed refresh begins anew with a second once a refresh worked', async () => {
    const { vendor, provider } = setUp({ refreshBefore: 10_000 }, { lifetime: 20_000 });
    await provider.getToken();
    await clock.advance(10_000);
    vendor.script.push(unavailable);
    provider.peekToken();
    await clock.advance(1_000);
    provider.peekToken();
    await clock.settle();
    expect(vendor.logins).toBe(3);
    await clock.advance(10_000);
    vendor.script.push(unavailable);
    provider.peekToken();
    await clock.advance(999);
    provider.peekToken();
    expect(vendor.logins).toBe(4);
    await clock.advance(1);
    provider.peekToken();
    await clock.settle();
    expect(vendor.logins).toBe(5);
  });
});

describe('the cooldown after refused credentials', () => {
  it('the cooldown after refused credentials lasts 30 s, doubling with each further refusal, an hour at most', async () => {
    const { vendor, provider } = setUp({}, { secret: () => 'wrong', otherwise: fails('INVALID_CREDENTIALS', { vendorCode: '10' }) });
    let logins = 0;
    for (const length of [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]) {
      expect((await failure(provider.getToken())).code).toBe('INVALID_CREDENTIALS');
      expect(vendor.logins).toBe(++logins);
      await clock.advance(length * 1_000 - 1);
      const cooling = await failure(provider.getToken());
      expect(cooling).toMatchObject({ code: 'COOLING_DOWN', reason: 'INVALID_CREDENTIALS', vendorCode: '10', retryAfter: 1 });
      expect(vendor.logins).toBe(logins);
      await clock.advance(1);
    }
  });

  it('the cooldown holds for exactly the credentials that were refused, also when others were tried in between', async () => {
    let password = 'one';
    const { vendor, provider } = setUp({}, { secret: () => password, otherwise: fails('NOT_ALLOWED') });
    await failure(provider.getToken());
    password = 'two';
    expect((await failure(provider.getToken())).code).toBe('NOT_ALLOWED');
    password = 'one';
    expect(await failure(provider.getToken())).toMatchObject({ code: 'COOLING_DOWN', reason: 'NOT_ALLOWED' });
    expect(vendor.logins).toBe(2);
    password = 'right';
    vendor.script.push(() => ({ value: 'good' }));
    expect((await provider.getToken()).value).toBe('good');
  });

  it('the cooldown is forgotten once the credentials work', async () => {
    const { vendor, provider } = setUp({ refreshBefore: 0 }, { secret: () => 'same', lifetime: 1_000 });
    vendor.script.push(fails('INVALID_CREDENTIALS'));
    await failure(provider.getToken());
    await clock.advance(30_000);
    await provider.getToken();
    await clock.advance(1_000);
    vendor.script.push(fails('INVALID_CREDENTIALS'));
    await failure(provider.getToken());
    await clock.advance(30_000);
    await provider.getToken();
    expect(vendor.logins).toBe(4);
  });
});

describe('the budget for rejections', () => {
  it.each(around)('rejected tokens may cause five logins, and one more each minute (%i ms)', async (offset) => {
    const { vendor, provider } = setUp({}, { lifetime: null });
    for (let login = 1; login <= 6; login += 1) {
      await provider.getToken({ rejected: await provider.getToken() });
      expect(vendor.logins).toBe(Math.min(login + 1, 6));
    }
    const kept = await provider.getToken();
    expect(await provider.getToken({ rejected: kept })).toBe(kept);
    await clock.advance(60_000 + offset);
    const answer = await provider.getToken({ rejected: kept });
    expect(answer === kept).toBe(offset < 0);
    expect(vendor.logins).toBe(offset < 0 ? 6 : 7);
  });

  it('the budget for rejections fills up to its size and no further', async () => {
    const { vendor, provider } = setUp({ rejectionBudget: 2 }, { lifetime: null });
    for (let round = 0; round < 2; round += 1) {
      const before = vendor.logins;
      for (let call = 0; call < 5; call += 1) await provider.getToken({ rejected: await provider.getToken() });
      expect(vendor.logins - before).toBe(round === 0 ? 3 : 2);
      await clock.advance(day);
    }
  });

  it('a rejectionBudget of 0 lets no rejected token cause a login', async () => {
    const { vendor, provider } = setUp({ rejectionBudget: 0 });
    const token = await provider.getToken();
    expect(await provider.getToken({ rejected: token })).toBe(token);
    expect(vendor.logins).toBe(1);
  });

  it('the budget for rejections is not charged for a straggler whose token is no longer the current one', async () => {
    const { vendor, provider } = setUp();
    const old = await provider.getToken();
    const current = await provider.getToken({ rejected: old });
    for (let call = 0; call < 100; call += 1) expect(await provider.getToken({ rejected: old })).toBe(current);
    expect(vendor.logins).toBe(2);
  });
});

describe('the pauses between attempts', () => {
  it.each([
    { random: 0, pauses: [200, 400, 800, 1_600, 2_000, 2_000] },
    { random: 1, pauses: [100, 200, 400, 800, 1_000, 1_000] },
  ])('the pauses between attempts grow from 200 ms to 2 s, jittered (random $random)', async ({ random, pauses }) => {
    const { vendor, provider } = setUp({ retries: 6, random: () => random }, { otherwise: unavailable });
    const failed = failure(provider.getToken());
    let logins = 1;
    for (const pause of pauses) {
      await clock.advance(pause - 1);
      expect(vendor.logins).toBe(logins);
      await clock.advance(1);
      expect(vendor.logins).toBe(++logins);
    }
    expect(await failed).toMatchObject({ code: 'VENDOR_ERROR', attempts: 7 });
  });

  it.each(around)('a pause between attempts that ends at the deadline or later is not begun (%i ms)', async (offset) => {
    const { vendor, provider } = setUp({ timeout: 200 - offset, retries: 1 }, { otherwise: unavailable });
    const failed = failure(provider.getToken());
    await clock.advance(1_000);
    await failed;
    expect(vendor.logins).toBe(offset < 0 ? 2 : 1);
  });

  it.each(around)('a Retry-After is kept to before the next attempt (%i ms)', async (offset) => {
    const { vendor, provider } = setUp();
    vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 7_000 }));
    const token = provider.getToken();
    await clock.advance(7_000 + offset);
    expect(vendor.logins).toBe(offset < 0 ? 1 : 2);
    await clock.advance(1);
    await token;
  });

  it.each(around)('a Retry-After longer than what is left fails at once, and so do later calls until then (%i ms)', async (offset) => {
    const { vendor, provider } = setUp();
    vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 60_000 }));
    expect(await failure(provider.getToken())).toMatchObject({ code: 'VENDOR_ERROR', retryAfter: 60_000, attempts: 1 });
    expect(await failure(provider.getToken())).toMatchObject({ code: 'COOLING_DOWN', reason: 'VENDOR_ERROR', retryAfter: 60_000 });
    await clock.advance(60_000 - 15_000 + offset);
    const later = provider.getToken();
    if (offset <= 0) expect(await failure(later)).toMatchObject({ code: 'COOLING_DOWN', retryAfter: 15_000 - offset });
    else {
      await clock.advance(15_000 - 1 - offset);
      expect(vendor.logins).toBe(1);
      await clock.advance(1);
      await later;
    }
  });
});
