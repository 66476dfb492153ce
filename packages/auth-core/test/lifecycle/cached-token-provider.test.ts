import { type AccessTokenInit, isAuthError, memoryStore, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createAccessToken } from '../../src/access-token.ts';
import { isInsideLogin, knownHeaderNames } from '../../src/provider-internals.ts';
import { heardOn } from './heard-on.ts';
import { fails, stubVendor, type StubVendorOptions, unavailable } from './stub-vendor.ts';

const hour = 3_600_000;

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => clock[Symbol.dispose]());

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), ...vendorOptions });
  const create = (more: TokenProviderOptions = {}) =>
    createTokenProvider(vendor.protocol, { clock, random: () => 0, retries: 0, ...options, ...more });
  return { vendor, create, provider: create() };
}

/** A token whose end is only assumed: an hour ahead. */
const assumed = (value: string) => (): AccessTokenInit => ({ value, expiresAt: 'unknown' });
const withAssumedEnd = { fallbackLifetime: hour };
const asked = (value: string) => createAccessToken({ value, issuedAt: 0 });

/** A store whose next answer to `get` can be held back. */
function holdableStore(): { store: TokenStore; hold: () => () => void } {
  const memory = memoryStore();
  let gate = Promise.resolve();
  return {
    store: { ...memory, get: (key) => gate.then(() => memory.get(key)) },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
}

describe('a provider knows', () => {
  it('that its own login is asking, and a search of the store, and nobody else', async () => {
    const inside: boolean[] = [];
    const ask = async (): Promise<string> => {
      await clock.settle();
      inside.push(isInsideLogin(provider));
      return 'password';
    };
    const { provider, vendor } = setUp({ store: memoryStore(), rejectionBudget: 0 }, { secret: ask });
    expect(isInsideLogin(provider)).toBe(false);
    vendor.script.push(() => (inside.push(isInsideLogin(provider)), { value: 'token' }));
    const token = await provider.getToken();
    expect([inside, isInsideLogin(provider)]).toEqual([[true, true], false]);
    const searching = provider.getToken({ rejected: token });
    expect(isInsideLogin(provider)).toBe(false);
    await searching;
    expect(inside).toEqual([true, true, true]);
  });

  it('the names of its headers: at once where they are the usual ones, otherwise with the first token', async () => {
    const { provider, vendor } = setUp();
    expect(knownHeaderNames(provider)).toEqual(['authorization']);
    const own = createTokenProvider({ ...vendor.protocol, requestHeaders: ({ value }) => ({ 'X-Token': value, Cookie: 'a' }) }, { clock });
    expect(knownHeaderNames(own)).toBeUndefined();
    own.requestHeaders(await own.getToken());
    expect(knownHeaderNames(own)).toEqual(['x-token', 'cookie']);
    provider.requestHeaders(await provider.getToken());
    expect(knownHeaderNames(provider)).toEqual(['authorization']);
  });

  it('the headers of the token that it is asked for, also where that is not the current one or there is none', async () => {
    const { provider } = setUp();
    const token = await provider.getToken();
    expect(provider.requestHeaders(token)).toBe(provider.requestHeaders(token));
    expect(provider.requestHeaders(asked('other'))).toEqual({ authorization: 'other' });
    await provider.forget();
    expect(provider.requestHeaders(token)).toEqual({ authorization: token.value });
  });
});

it('a token that ends before it can be handed out is asked for once more, and then the login fails', async () => {
  const memory = memoryStore();
  const slow: TokenStore = { ...memory, set: async (...given) => (await clock.advance(20), memory.set(...given)) };
  const { provider, vendor } = setUp({ store: slow }, { lifetime: 10 });
  const message = "stub: the token had expired before it was returned: check the lifetime and this machine's clock";
  await expect(provider.getToken()).rejects.toMatchObject({ code: 'TIMEOUT', provider: 'stub', retryable: true, message });
  expect(vendor.logins).toBe(2);
});

it('a login tells why it is made', async () => {
  const heard = heardOn('loginStart');
  const { provider } = setUp({ refreshBefore: 0 });
  await provider.getToken();
  await clock.advance(hour);
  await provider.getToken({ rejected: await provider.getToken() });
  expect(heard.map((each) => Reflect.get(Object(each), 'cause'))).toEqual(['first', 'ended', 'rejected']);
});

it('a token that is rejected during its refresh is replaced by whatever the store has', async () => {
  const password = { promise: Promise.resolve('password') };
  const { provider, create, vendor } = setUp({ store: memoryStore(), refreshBefore: 1_000 }, { secret: () => password.promise });
  const token = await provider.getToken();
  await clock.advance(hour - 1_000);
  const { promise, resolve } = Promise.withResolvers<string>();
  const held = create();
  password.promise = promise;
  provider.peekToken();
  const renewed = provider.getToken({ rejected: token });
  await clock.settle();
  password.promise = Promise.resolve('password');
  vendor.script.push(() => ({ value: 'shorter', expiresAt: clock.now() + 500 }));
  expect((await held.getToken({ rejected: token })).value).toBe('shorter');
  resolve('password');
  expect((await renewed).value).toBe('shorter');
  expect(vendor.logins).toBe(2);
});

describe('a token whose assumed end is past', () => {
  it('stays where its login fails, although the store has another one of the kind', async () => {
    const { provider, create, vendor } = setUp({ ...withAssumedEnd, store: memoryStore() }, { otherwise: unavailable });
    vendor.script.push(assumed('mine'), assumed('theirs'));
    await provider.getToken();
    const other = create();
    await other.getToken({ rejected: asked('mine') });
    await clock.advance(hour);
    expect((await provider.getToken()).value).toBe('mine');
  });

  it('is taken from the store where a login fails, unless that token was rejected meanwhile', async () => {
    const { create, vendor } = setUp({ ...withAssumedEnd, store: memoryStore() });
    vendor.script.push(assumed('stored'));
    await create().getToken();
    await clock.advance(hour);
    for (const [rejected, expected] of [
      ['another', 'stored'],
      ['stored', 'VENDOR_ERROR'],
    ] as const) {
      const failing = Promise.withResolvers<never>();
      vendor.script.push(() => failing.promise);
      const provider = create();
      const token = provider.getToken().catch((error: unknown) => error);
      await clock.settle();
      void provider.getToken({ rejected: asked(rejected) }).catch(() => undefined);
      failing.reject(errorOf(unavailable));
      expect(outcomeOf(await token)).toBe(expected);
    }
  });

  it('is handed out where the login that failed told of an earlier time', async () => {
    const { provider, vendor } = setUp(withAssumedEnd);
    vendor.script.push(assumed('token'), () => {
      vendor.contexts.at(-1)?.reportDate?.(new Date(clock.now() - hour).toUTCString(), 0);
      return unavailable();
    });
    await provider.getToken();
    await clock.advance(hour);
    expect((await provider.getToken()).value).toBe('token');
  });

  it('is handed out to whoever joined a refresh that fails exactly at that end', async () => {
    const kept = heardOn('keptPastAssumedEnd');
    const { provider, vendor } = setUp({ ...withAssumedEnd, refreshBefore: 1 });
    vendor.script.push(assumed('token'));
    await provider.getToken();
    await clock.advance(hour - 1);
    const failing = Promise.withResolvers<never>();
    vendor.script.push(() => failing.promise);
    provider.peekToken();
    await clock.advance(1);
    const joined = provider.getToken();
    failing.reject(errorOf(unavailable));
    expect((await joined).value).toBe('token');
    expect([vendor.logins, kept.length]).toEqual([2, 1]);
  });
});

function errorOf(fail: () => never): unknown {
  try {
    return fail();
  } catch (error) {
    return error;
  }
}

function outcomeOf(outcome: unknown): string {
  return isAuthError(outcome) ? outcome.code : String(Reflect.get(Object(outcome), 'value'));
}

describe('a login that fails', () => {
  it.each([
    ['told', () => ({ value: 'token', expiresAt: clock.now() + hour })],
    ['assumed', assumed('token')],
  ] as const)('is a failed refresh ahead of an end that is %s, and keeps no token past it', async (_end, login) => {
    const [refreshes, kept] = [heardOn('refresh'), heardOn('keptPastAssumedEnd')];
    const { provider, vendor } = setUp({ ...withAssumedEnd, refreshBefore: 1_000 });
    vendor.script.push(login, unavailable);
    await provider.getToken();
    await clock.advance(hour - 1_000);
    provider.peekToken();
    await clock.settle();
    expect(refreshes).toEqual([expect.objectContaining({ ok: false, code: 'VENDOR_ERROR', nextTryIn: 1_000 })]);
    expect(kept).toEqual([]);
  });

  it('is no failed refresh where there was no token', async () => {
    const refreshes = heardOn('refresh');
    const { provider } = setUp({}, { otherwise: unavailable });
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
    expect(refreshes).toEqual([]);
  });

  it('is one of a refresh, also where the end that the vendor told comes meanwhile: no token is kept past it', async () => {
    const kept = heardOn('keptPastAssumedEnd');
    const { provider, vendor } = setUp({ refreshBefore: 1 });
    await provider.getToken();
    await clock.advance(hour - 1);
    const failing = Promise.withResolvers<never>();
    vendor.script.push(() => failing.promise);
    provider.peekToken();
    await clock.advance(1);
    failing.reject(errorOf(unavailable));
    await clock.settle();
    expect(kept).toEqual([]);
  });

  it('is its caller’s failure where the token was rejected during its refresh', async () => {
    const kept = heardOn('keptPastAssumedEnd');
    const { provider, vendor } = setUp({ refreshBefore: 1_000 });
    const token = await provider.getToken();
    await clock.advance(hour - 1_000);
    const failing = Promise.withResolvers<never>();
    vendor.script.push(() => failing.promise);
    provider.peekToken();
    const joined = provider.getToken({ rejected: token });
    failing.reject(errorOf(fails('BAD_RESPONSE')));
    await expect(joined).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    expect(kept).toEqual([]);
  });
});

describe('a search of the store, where the budget for rejections is used up', () => {
  it('is made for each rejection, and finds what has come since', async () => {
    const { provider, create, vendor } = setUp({ store: memoryStore(), rejectionBudget: 0 });
    const token = await provider.getToken();
    expect(await provider.getToken({ rejected: token })).toBe(token);
    await create({ rejectionBudget: 5 }).getToken({ rejected: token });
    expect((await provider.getToken({ rejected: token })).value).toBe('token-2');
    expect(vendor.logins).toBe(2);
  });

  it('changes nothing where the token has been replaced meanwhile', async () => {
    const password = { promise: Promise.resolve('password') };
    const options = { store: memoryStore(), rejectionBudget: 0, refreshBefore: 0 };
    const { provider, create } = setUp(options, { secret: () => password.promise });
    const token = await provider.getToken();
    await clock.advance(hour - 10_000);
    await create({ rejectionBudget: 5 }).getToken({ rejected: token });
    const { promise, resolve } = Promise.withResolvers<string>();
    password.promise = promise;
    const searching = provider.getToken({ rejected: token });
    await clock.settle();
    password.promise = Promise.resolve('password');
    await clock.advance(10_000);
    const renewed = await provider.getToken();
    expect(renewed.value).toBe('token-2');
    resolve('password');
    expect(await searching).toBe(renewed);
    expect(provider.peekToken()).toBe(renewed);
  });

  it('ends in a login where there is no token any more', async () => {
    const { store, hold } = holdableStore();
    const { provider, vendor } = setUp({ store, rejectionBudget: 0 });
    const token = await provider.getToken();
    const release = hold();
    const searching = provider.getToken({ rejected: token });
    await provider.forget();
    release();
    expect((await searching).value).toBe('token-2');
    expect(vendor.logins).toBe(2);
  });
});
