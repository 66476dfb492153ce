import { setMaxListeners } from 'node:events';

import { AuthError, isAuthError, memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { fails, stubVendor, type StubVendorOptions, unavailable } from './stub-vendor.ts';

let clock = manualClock();
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  clock = manualClock({ timers: true });
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await clock.settle();
  expect(clock.timers.pending).toBe(0);
  clock[Symbol.dispose]();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), ...vendorOptions });
  return { vendor, provider: createTokenProvider(vendor.protocol, { clock, random: () => 0, ...options }) };
}

function held(): { promise: Promise<{ value: string }>; resolve(token: { value: string }): void; reject(error: unknown): void } {
  let resolve: (token: { value: string }) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<{ value: string }>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

describe('one login', () => {
  it('one login serves a thousand callers who ask at once', async () => {
    const { vendor, provider } = setUp();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(vendor.logins).toBe(1);
  });

  it('a login that fails fails for all who wait, and its failure is not cached', async () => {
    const { vendor, provider } = setUp({ retries: 0 });
    vendor.script.push(unavailable);
    const answers = await Promise.allSettled(Array.from({ length: 100 }, () => provider.getToken()));
    expect(answers.every((answer) => answer.status === 'rejected' && answer.reason.code === 'VENDOR_ERROR')).toBe(true);
    expect((await provider.getToken()).value).toBe('token-2');
  });

  it('every caller of a warm provider gets the same promise', async () => {
    const { provider } = setUp();
    await provider.getToken();
    expect(provider.getToken()).toBe(provider.getToken());
    expect(provider.peekToken()).toBe(await provider.getToken());
  });

  it('peekToken never starts a first login', () => {
    const { vendor, provider } = setUp();
    expect(provider.peekToken()).toBeUndefined();
    expect(vendor.logins).toBe(0);
  });

  it('what the protocol did not foresee fails a login with VENDOR_ERROR, scrubbed of the password', async () => {
    const { vendor, provider } = setUp({}, { secret: () => 'hunter2!' });
    vendor.script.push(() => {
      throw new TypeError('cannot read "hunter2!" of undefined');
    });
    const error = await provider.getToken().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'VENDOR_ERROR', retryable: false });
    expect(String((error as AuthError).stack) + String((error as AuthError).cause)).not.toContain('hunter2');
  });

  it.each([{ value: '' }, { value: 'two\nlines' }, { value: ' padded ' }, {}, null, { value: 'x', expiresAt: Number.NaN }])(
    'a login that brings %j fails with BAD_RESPONSE',
    async (init) => {
      const { vendor, provider } = setUp();
      vendor.script.push(() => init as { value: string });
      await expect(provider.getToken()).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    },
  );
});

it('a caller who aborts is freed alone; the login goes on and its result is kept', async () => {
  const { vendor, provider } = setUp();
  const login = held();
  vendor.script.push(() => login.promise);
  const controller = new AbortController();
  const reason = new Error('no time');
  const hasty = provider.getToken({ signal: controller.signal }).catch((error: unknown) => error);
  const patient = provider.getToken();
  await clock.settle();
  controller.abort(reason);
  expect(await hasty).toMatchObject({ code: 'ABORTED', cause: reason });
  login.resolve({ value: 'late' });
  expect((await patient).value).toBe('late');
  expect(vendor.logins).toBe(1);
});

it('a caller with short deadlines does not starve on a slow vendor: the token is there when it asks again', async () => {
  const { vendor, provider } = setUp();
  const login = held();
  vendor.script.push(() => login.promise);
  for (let call = 0; call < 3; call += 1) {
    const controller = new AbortController();
    const freed = provider.getToken({ signal: controller.signal }).catch((error: unknown) => isAuthError(error) && error.code);
    await clock.advance(100);
    controller.abort();
    expect(await freed).toBe('ABORTED');
  }
  login.resolve({ value: 'late' });
  await clock.settle();
  expect(provider.peekToken()?.value).toBe('late');
  expect(vendor.logins).toBe(1);
});

it('a caller whose signal has fired before gets ABORTED and starts nothing', async () => {
  const { vendor, provider } = setUp();
  await expect(provider.getToken({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  expect(vendor.logins).toBe(0);
});

it('a thousand callers of one signal leave no listener on it, and cause no warning', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  const { provider } = setUp();
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => ((listeners += 1), addEventListener.apply(signal, args));
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(signal, args);
  };
  await Promise.all(Array.from({ length: 1_000 }, () => provider.getToken({ signal })));
  await clock.settle();
  process.off('warning', warn);
  expect(listeners).toBe(0);
  expect(warnings).toEqual([]);
});

it('an aborted caller of a login that then fails leaves no unhandled rejection', async () => {
  const { vendor, provider } = setUp({ retries: 0 });
  const login = held();
  vendor.script.push(() => login.promise);
  const controller = new AbortController();
  const freed = provider.getToken({ signal: controller.signal }).catch(() => 'freed');
  await clock.settle();
  controller.abort();
  login.reject(new Error('too bad'));
  expect(await freed).toBe('freed');
});

describe('a refresh behind the callers', () => {
  it('during a refresh, of which there is one, callers get the current token at once', async () => {
    const { vendor, provider } = setUp();
    const first = await provider.getToken();
    await clock.advance(3_300_000);
    const login = held();
    vendor.script.push(() => login.promise);
    for (let call = 0; call < 1_000; call += 1) expect(provider.peekToken()).toBe(first);
    await clock.settle();
    expect(vendor.logins).toBe(2);
    login.resolve({ value: 'fresh' });
    await clock.settle();
    expect(provider.peekToken()?.value).toBe('fresh');
  });

  it('a refresh that fails disturbs no caller, and tries once only', async () => {
    const { vendor, provider } = setUp({}, { otherwise: unavailable });
    vendor.script.push(() => ({ value: 'first', expiresAt: clock.now() + 3_600_000 }));
    const first = await provider.getToken();
    await clock.advance(3_300_000);
    expect(await provider.getToken()).toBe(first);
    await clock.advance(900);
    expect(vendor.logins).toBe(2);
  });

  it('a refresh that a caller joins after the end is tried again like any login', async () => {
    const { vendor, provider } = setUp({ refreshBefore: 1_000 }, { lifetime: 10_000 });
    await provider.getToken();
    await clock.advance(9_000);
    const login = held();
    vendor.script.push(() => login.promise);
    provider.peekToken();
    await clock.advance(1_000);
    const token = provider.getToken();
    login.reject(new AuthError({ code: 'NETWORK', provider: 'stub', message: 'reset', retryable: true }));
    await clock.advance(200);
    expect((await token).value).toBe('token-3');
  });

  it('a rejection during a refresh waits for its token: no second login', async () => {
    const { vendor, provider } = setUp();
    const first = await provider.getToken();
    await clock.advance(3_300_000);
    const login = held();
    vendor.script.push(() => login.promise);
    provider.peekToken();
    const replaced = provider.getToken({ rejected: first });
    login.resolve({ value: 'fresh' });
    expect((await replaced).value).toBe('fresh');
    expect(vendor.logins).toBe(2);
  });
});

it('attemptTimeout ends an attempt that the protocol does not end by itself, and its late answer changes nothing', async () => {
  const { vendor, provider } = setUp({ retries: 1 });
  const stuck = held();
  vendor.script.push(() => stuck.promise);
  const token = provider.getToken();
  await clock.advance(5_000);
  expect(vendor.contexts[0]?.signal.aborted).toBe(true);
  await clock.advance(200);
  expect((await token).value).toBe('token-2');
  stuck.resolve({ value: 'late' });
  await clock.settle();
  expect(provider.peekToken()?.value).toBe('token-2');
});

it('timeout bounds a whole login, its pauses and the password included', async () => {
  const { vendor, provider } = setUp(
    { retries: 100 },
    { secret: () => new Promise((resolve) => setTimeout(resolve, 4_000, 'pw')), otherwise: () => new Promise(() => undefined) },
  );
  const began = clock.monotonic();
  const failed = provider.getToken().catch((error: unknown) => ({ error, after: clock.monotonic() - began }));
  await clock.advance(15_000);
  const message = expect.stringContaining('within timeout (15000 ms)');
  expect(await failed).toMatchObject({ error: { code: 'TIMEOUT', attempts: 3, message }, after: 15_000 });
  expect(vendor.logins).toBe(3);
});

it('as many callers as share one signal cause no warning', async () => {
  const { vendor, provider } = setUp();
  const login = held();
  vendor.script.push(() => login.promise);
  const { signal } = new AbortController();
  // As in Node 20, but for fewer.
  setMaxListeners(1, signal);
  const warnings: unknown[] = [];
  const warned = (warning: unknown): void => void warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const calls = Array.from({ length: 5 }, () => provider.getToken({ signal }));
  login.resolve({ value: 'token' });
  await Promise.all(calls);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

it.each([
  ['before the next attempt', unavailable, 200],
  ['that the vendor asked for', fails('VENDOR_ERROR', { retryable: true, retryAfter: 2_000 }), 2_000],
])('a pause %s is kept to also where a caller gives up and the next one comes at once', async (_pause, failure, length) => {
  const { vendor, provider } = setUp();
  vendor.script.push(failure);
  const controller = new AbortController();
  const first = provider.getToken({ signal: controller.signal }).catch(() => undefined);
  await clock.settle();
  controller.abort();
  const second = provider.getToken();
  await first;
  await clock.advance(length - 1);
  expect(vendor.logins).toBe(1);
  await clock.advance(1);
  expect([(await second).value, vendor.logins]).toEqual(['token-2', 2]);
});

it('a caller who comes while a login is being given up gets a new one', async () => {
  const store = memoryStore();
  const writing = Promise.withResolvers<void>();
  const slow = { ...store, set: async (...entry: Parameters<typeof store.set>) => (await writing.promise, store.set(...entry)) };
  const { vendor, provider } = setUp({ store: slow, storeTimeout: 60_000 });
  vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 2_000 }));
  const controller = new AbortController();
  const first = provider.getToken({ signal: controller.signal }).catch(() => undefined);
  await clock.settle();
  controller.abort();
  await first;
  // The failure is told the fleet, which takes its time here.
  for (let turns = 0; turns < 5; turns += 1) await clock.settle();
  const second = provider.getToken();
  writing.resolve();
  await clock.advance(3_000);
  expect([(await second).value, vendor.logins, vendor.mostAtOnce]).toEqual(['token-2', 2, 1]);
});

it('getToken takes a signal that is none of Node’s own', async () => {
  const { provider } = setUp();
  const foreign = { aborted: false, reason: undefined, addEventListener: () => undefined, removeEventListener: () => undefined };
  expect((await provider.getToken({ signal: foreign as unknown as AbortSignal })).value).toBe('token-1');
});

it('a login keeps the process alive while a caller waits, and only then', async () => {
  const { vendor, provider } = setUp();
  const login = held();
  vendor.script.push(() => login.promise);
  const controller = new AbortController();
  const freed = provider.getToken({ signal: controller.signal }).catch(() => 'freed');
  await clock.settle();
  expect(clock.timers).toMatchObject({ pending: 1, keepingAlive: 1 });
  controller.abort();
  await freed;
  expect(clock.timers).toMatchObject({ pending: 1, keepingAlive: 0 });
  const joined = provider.getToken();
  expect(clock.timers).toMatchObject({ pending: 1, keepingAlive: 1 });
  login.resolve({ value: 'late' });
  await joined;
  await clock.settle();
  expect(clock.timers.pending).toBe(0);
});

it('a refresh does not keep the process alive', async () => {
  const { vendor, provider } = setUp();
  await provider.getToken();
  await clock.advance(3_300_000);
  const login = held();
  vendor.script.push(() => login.promise);
  provider.peekToken();
  await clock.settle();
  expect(clock.timers).toMatchObject({ pending: 1, keepingAlive: 0 });
  login.resolve({ value: 'fresh' });
  await clock.settle();
});

describe('the password', () => {
  it('the password is asked for before each login, once', async () => {
    let asked = 0;
    const secret = async (): Promise<string> => `pw-${(asked += 1)}`;
    const { vendor, provider } = setUp({}, { secret });
    vendor.script.push(unavailable);
    const token = provider.getToken();
    await clock.advance(200);
    await provider.getToken({ rejected: await token });
    expect(vendor.contexts.map((context) => context.secret)).toEqual(['pw-1', 'pw-1', 'pw-2']);
  });

  it.each([
    { what: 'ends in a line break', secret: () => 'pw\n', says: /line break/ },
    { what: 'is empty', secret: () => '', says: /not empty/ },
    { what: 'is no string', secret: () => 7 as unknown as string, says: /string/ },
    { what: 'cannot be had', secret: () => Promise.reject(new Error('vault says s3cret')), says: /threw \(Error\)/ },
  ])('a password that $what fails with CONFIG before anything is sent', async ({ secret, says }) => {
    const { vendor, provider } = setUp({}, { secret });
    const error = await provider.getToken().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CONFIG', message: expect.stringMatching(says) });
    expect((error as Error).message).not.toContain('s3cret');
    expect(vendor.logins).toBe(0);
  });

  it('a password that does not come in time fails with TIMEOUT, and its own signal fires', async () => {
    let signal: AbortSignal | undefined;
    const vendor = stubVendor({ now: () => clock.now() });
    const secret = (context: { signal: AbortSignal }): Promise<string> => {
      signal = context.signal;
      return new Promise(() => undefined);
    };
    const provider = createTokenProvider({ ...vendor.protocol, secret }, { clock, timeout: 1_000 });
    const failed = provider.getToken().catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await failed).toMatchObject({ code: 'TIMEOUT' });
    expect(signal?.aborted).toBe(true);
  });
});
