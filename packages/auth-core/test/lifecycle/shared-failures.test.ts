import { type AccessToken, type AuthErrorCode, memoryStore, type TokenProviderOptions, type TokenStore } from '@x/auth-core';
import { createTokenProvider, ignoresPauses } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { heardOn } from './heard-on.ts';
import { fails, stubVendor } from './stub-vendor.ts';

const hour = 3_600_000;

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => clock[Symbol.dispose]());

/** A vendor with one right password, and as many processes as a test needs, each with a password and a view of the store of its own. */
function setUp() {
  const memory = memoryStore();
  const sent: string[] = [];
  const vendor = stubVendor({
    now: () => clock.now(),
    lifetime: 10_000,
    otherwise: (issue) => {
      const secret = vendor.contexts.at(-1)?.secret ?? '';
      sent.push(secret);
      return secret === 'right' ? issue() : fails('INVALID_CREDENTIALS')();
    },
  });
  const process = (password: string | (() => string), options: TokenProviderOptions = {}) =>
    createTokenProvider(
      { ...vendor.protocol, secret: typeof password === 'string' ? () => password : password },
      { clock, random: () => 0, retries: 0, store: memory, ...options },
    );
  return { memory, sent, vendor, process };
}

/** A view of a store in which the nth reads of one kind of entry fail. */
function unreadable(store: TokenStore, kind: 'token' | 'refused' | 'failed', ...which: number[]): TokenStore {
  let reads = 0;
  return {
    ...store,
    get: async (key) => {
      if (!key.includes(`:${kind}:`)) return store.get(key);
      reads += 1;
      if (which.includes(reads)) throw new Error('connection lost');
      return store.get(key);
    },
  };
}

const answerOf = (asked: Promise<AccessToken>): Promise<AuthErrorCode | 'token'> =>
  asked.then(
    () => 'token',
    (error: { code: AuthErrorCode }) => error.code,
  );

describe('where the store cannot be read for a moment, what the fleet knows stays', () => {
  it('a refused password is not sent again after a success whose reads failed', async () => {
    const { memory, sent, process } = setUp();
    expect(await answerOf(process('old').getToken())).toBe('INVALID_CREDENTIALS');
    expect(await answerOf(process('right', { store: unreadable(memory, 'refused', 2) }).getToken())).toBe('token');
    await clock.advance(10_000);
    expect(await answerOf(process('old').getToken())).toBe('COOLING_DOWN');
    expect(sent).toEqual(['old', 'right']);
  });

  it('the refusals of an account are counted on after one whose reads failed', async () => {
    const { memory, sent, process } = setUp();
    for (const wrong of ['1', '2', '3', '4']) await answerOf(process(wrong).getToken());
    await answerOf(process('5', { store: unreadable(memory, 'refused', 2) }).getToken());
    expect(await answerOf(process('6').getToken())).toBe('COOLING_DOWN');
    for (const wrong of ['2', '3', '4', '5']) expect(await answerOf(process(wrong).getToken())).toBe('COOLING_DOWN');
    expect(sent).toEqual(['1', '2', '3', '4', '5']);
  });

  it('refused passwords are not sent again after a refusal whose every read failed', async () => {
    const { memory, sent, process } = setUp();
    for (const wrong of ['1', '2', '3', '4']) await answerOf(process(wrong).getToken());
    expect(await answerOf(process('5', { store: unreadable(memory, 'refused', 1, 2, 3) }).getToken())).toBe('INVALID_CREDENTIALS');
    for (const wrong of ['1', '2', '3', '4']) expect(await answerOf(process(wrong).getToken())).toBe('COOLING_DOWN');
    expect(sent).toEqual(['1', '2', '3', '4', '5']);
  });

  it('a success writes no refusals where it then reads that there are none', async () => {
    const { memory, process } = setUp();
    const written: string[] = [];
    const set: TokenStore['set'] = async (key, ...entry) => (written.push(key.split(':').at(-2) ?? ''), memory.set(key, ...entry));
    await process('right', { store: { ...unreadable(memory, 'refused', 1), set } }).getToken();
    await clock.settle();
    expect(written).toEqual(['token']);
  });

  it('a success ends the count of refusals also where it could not read that before', async () => {
    const { memory, process } = setUp();
    for (const wrong of ['1', '2', '3', '4']) await answerOf(process(wrong).getToken());
    expect(await answerOf(process('right', { store: unreadable(memory, 'refused', 1) }).getToken())).toBe('token');
    await clock.advance(10_000);
    await answerOf(process('5').getToken());
    expect(await answerOf(process('right').getToken())).toBe('token');
  });

  it('the failure of an earlier login is not taken for that of the one that was waited for', async () => {
    const { memory, vendor, process } = setUp();
    vendor.script.push(fails('NETWORK', { retryable: true }));
    expect(await answerOf(process('right').getToken())).toBe('NETWORK');
    expect(await answerOf(process('right', { store: unreadable(memory, 'failed', 1) }).getToken())).toBe('token');
  });
});

describe('a success of another process ends what failed before it, once its token was taken from the store', () => {
  it('refusals: the next one is the first', async () => {
    const { process } = setUp();
    let password = '';
    const one = process(() => password);
    for (password of ['1', '2', '3', '4']) await answerOf(one.getToken());
    await clock.advance(1);
    await process('right').getToken();
    password = 'right';
    await one.getToken();
    await clock.advance(10_000);
    password = '5';
    expect(await answerOf(one.getToken())).toBe('INVALID_CREDENTIALS');
    expect(await answerOf(process('right').getToken())).toBe('token');
  });

  it('failures: the next pause is a second again', async () => {
    const { vendor, process } = setUp();
    const one = process('right');
    for (let time = 0; time < 3; time += 1) {
      vendor.script.push(fails('BAD_RESPONSE'));
      expect(await answerOf(one.getToken())).toBe('BAD_RESPONSE');
      await clock.advance(60_000);
    }
    await process('right').getToken();
    await one.getToken();
    await clock.advance(10_000);
    vendor.script.push(fails('BAD_RESPONSE'));
    expect(await answerOf(one.getToken())).toBe('BAD_RESPONSE');
    await expect(process('right').getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 1_000 });
  });

  it('but not where the token is older than the failure: the next pause grows on', async () => {
    const { memory, vendor, process } = setUp();
    await process('right').getToken();
    await clock.advance(1);
    // What the store tells of failures is left out, so that only this process knows of them.
    const set: TokenStore['set'] = async (key, ...entry) => key.includes(':failed:') || memory.set(key, ...entry);
    const one = process('right', { store: { ...unreadable(memory, 'token', 1, 2), set } });
    vendor.script.push(fails('BAD_RESPONSE'));
    expect(await answerOf(one.getToken())).toBe('BAD_RESPONSE');
    expect((await one.getToken()).value).toBe('token-1');
    await clock.advance(120_000);
    vendor.script.push(fails('BAD_RESPONSE'));
    expect(await answerOf(one.getToken())).toBe('BAD_RESPONSE');
    await expect(one.getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 2_000 });
  });
});

describe('a failure that others may not hear of', () => {
  it('is that of a login whose lease was lost: it is told to its callers alone, or they get the token that has come meanwhile', async () => {
    const { memory, vendor, process } = setUp();
    const lost = { id: 'lost', extend: async () => vendor.logins === 0, release: async () => undefined };
    let answer: (() => void) | undefined;
    vendor.script.push(() => new Promise<void>((resolve) => (answer = resolve)).then(fails('BAD_RESPONSE')));
    const one = process('right', { store: { ...memory, tryLock: async () => lost } }).getToken();
    await clock.settle();
    const other = process('right');
    const token = await other.getToken();
    answer?.();
    expect((await one).value).toBe(token.value);
    expect(await answerOf(other.getToken({ rejected: token }))).toBe('token');
  });

  it.each(['NETWORK', 'BAD_RESPONSE'] as const)('is one of a shorter pause than the vendor has asked for (%s)', async (code) => {
    const { memory, vendor, process } = setUp();
    vendor.script.push(fails('VENDOR_ERROR', { retryable: true, retryAfter: 600_000 }));
    expect(await answerOf(process('right').getToken())).toBe('VENDOR_ERROR');
    vendor.script.push(fails(code, { retryable: code === 'NETWORK' }));
    const anyway = { ...memory, [ignoresPauses]: true };
    expect(await answerOf(process('right', { store: anyway }).getToken())).toBe(code);
    await expect(process('right').getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', reason: 'VENDOR_ERROR', retryAfter: 600_000 });
  });

  it('is one with a code that no login of a vendor ends with: nothing that cannot be read is stored', async () => {
    const { vendor, process } = setUp();
    const heard = heardOn('storeTrouble');
    vendor.script.push(fails('COOLING_DOWN', { retryable: true, retryAfter: 60_000 }));
    expect(await answerOf(process('right').getToken())).toBe('COOLING_DOWN');
    expect(await answerOf(process('right').getToken())).toBe('token');
    expect(heard).toEqual([]);
  });
});

describe('forget()', () => {
  it('empties the store also while that is left alone because it was slow', async () => {
    const { memory, sent, process } = setUp();
    let slow = false;
    const store: TokenStore = {
      ...memory,
      get: (key) => (slow ? new Promise((resolve) => setTimeout(() => resolve(undefined), 5_000)) : memory.get(key)),
    };
    const provider = process('right', { store });
    await provider.getToken();
    slow = true;
    const status = provider.status();
    await clock.advance(1_000);
    await status;
    slow = false;
    await provider.forget();
    expect(await answerOf(process('right').getToken())).toBe('token');
    expect(sent).toEqual(['right', 'right']);
  });

  it('is not undone by a login that had read the store before', async () => {
    const { memory, sent, process } = setUp();
    await process('right').getToken();
    const store: TokenStore = {
      ...memory,
      async get(key) {
        const value = await memory.get(key);
        if (key.includes(':token:')) await new Promise((resolve) => setTimeout(resolve, 100));
        return value;
      },
    };
    const provider = process('right', { store });
    const before = provider.getToken();
    await clock.settle();
    await provider.forget();
    const after = provider.getToken();
    for (let passed = 0; passed < 1_000; passed += 100) await clock.advance(100);
    expect((await before).value).toBe('token-1');
    expect((await after).value).toBe('token-2');
    expect(provider.peekToken()?.value).toBe('token-2');
    expect(sent).toEqual(['right', 'right']);
  });

  it('drops a token whose end is only assumed also where a login that is under way fails', async () => {
    const { vendor, process } = setUp();
    vendor.script.push(() => ({ value: 'unknown end', expiresAt: 'unknown' }));
    const provider = process('right', { fallbackLifetime: 1_000 });
    await process('right', { fallbackLifetime: 1_000 }).getToken();
    await clock.advance(2_000);
    let answer: (() => void) | undefined;
    vendor.script.push(() => new Promise<void>((resolve) => (answer = resolve)).then(fails('NETWORK', { retryable: true })));
    const before = answerOf(provider.getToken());
    await clock.settle();
    await provider.forget();
    answer?.();
    expect(await before).toBe('NETWORK');
    expect(provider.peekToken()).toBeUndefined();
  });

  it('lets the next caller log in with the password of now, not with that of the login under way', async () => {
    const { vendor, process } = setUp();
    let password = 'old';
    let answer: (() => void) | undefined;
    vendor.script.push(() => new Promise<void>((resolve) => (answer = resolve)).then(fails('INVALID_CREDENTIALS')));
    const provider = process(() => password);
    const before = answerOf(provider.getToken());
    await clock.settle();
    password = 'right';
    await provider.forget();
    const after = answerOf(provider.getToken());
    answer?.();
    for (let passed = 0; passed < 2_000; passed += 100) await clock.advance(100);
    expect(await before).toBe('INVALID_CREDENTIALS');
    expect(await after).toBe('token');
    expect(vendor.mostAtOnce).toBe(1);
  });
});

it('a token whose end no Date can hold is an error, and not one that no other process can read', async () => {
  const { vendor, process } = setUp();
  vendor.script.push(() => ({ value: 'token', expiresAt: Number.MAX_SAFE_INTEGER }));
  const message = expect.stringContaining('expiresAt: expected an instant that a Date can hold');
  await expect(process('right').getToken()).rejects.toMatchObject({ code: 'BAD_RESPONSE', message });
  vendor.script.push(() => ({ value: 'token', expiresAt: 8.64e15 }));
  await clock.advance(hour);
  await process('right').getToken();
  expect((await process('right').getToken()).expiresAt).toBe(8.64e15);
  expect(vendor.logins).toBe(2);
});
