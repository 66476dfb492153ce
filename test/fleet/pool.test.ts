import { createTokenProviderPool, type TokenProviderPoolOptions, type WarmProgress } from '@x/auth-core';
import { describe, expect, it } from 'vitest';

import { rightPassword, type StubAccount, stubAccount } from './stub-account.ts';
import { waitUntil } from './wait-until.ts';

/** A pool over accounts that come into being when they are first asked for; `created` tells in which order. */
function setUp(options: TokenProviderPoolOptions = {}, passwords: Readonly<Record<string, string>> = {}) {
  const accounts = new Map<string, StubAccount>();
  const created: string[] = [];
  const account = (key: string): StubAccount => {
    const known = accounts.get(key) ?? stubAccount(key);
    accounts.set(key, known);
    return known;
  };
  const pool = createTokenProviderPool((key, { store }) => {
    created.push(key);
    if (key === 'broken') throw new Error('no such tenant');
    return account(key).provider({ store, password: passwords[key] ?? rightPassword });
  }, options);
  return { pool, account, created };
}

describe('a pool of providers', () => {
  it('a pool makes one provider per key, when it is first asked for', () => {
    const { pool, created } = setUp();
    expect(pool.has('a')).toBe(false);
    expect(pool.size).toBe(0);
    const provider = pool.get('a');
    expect(pool.get('a')).toBe(provider);
    expect(pool.get('b')).not.toBe(provider);
    expect(created).toEqual(['a', 'b']);
    expect(pool.has('a')).toBe(true);
    expect(pool.size).toBe(2);
  });

  it('a pool keeps nothing where the making of a provider fails, and tries again the next time', () => {
    const { pool, created } = setUp();
    expect(() => pool.get('broken')).toThrow('no such tenant');
    expect(pool.has('broken')).toBe(false);
    expect(() => pool.get('broken')).toThrow('no such tenant');
    expect(created).toHaveLength(2);
  });

  it('a full pool lets go of the provider that was used longest ago', () => {
    const { pool, created } = setUp({ max: 2 });
    const a = pool.get('a');
    pool.get('b');
    pool.get('a');
    // A look is no use.
    pool.has('b');
    pool.get('c');
    expect([pool.has('a'), pool.has('b'), pool.has('c'), pool.size]).toEqual([true, false, true, 2]);
    expect(pool.get('a')).toBe(a);
    expect(created).toEqual(['a', 'b', 'c']);
  });

  it('a pool lets go of a provider when it is told to', () => {
    const { pool, created } = setUp();
    pool.get('a');
    expect(pool.delete('a')).toBe(true);
    expect(pool.delete('a')).toBe(false);
    expect([pool.has('a'), pool.size]).toEqual([false, 0]);
    pool.get('a');
    expect(created).toEqual(['a', 'a']);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a pool cannot have %d as its max', (max) => {
    expect(() => setUp({ max })).toThrow(expect.objectContaining({ code: 'CONFIG' }));
  });
});

describe('an evicted tenant', () => {
  it('an evicted tenant does not log in anew', async () => {
    const { pool, account } = setUp({ max: 1 });
    const token = await pool.get('a').getToken();
    const evicted = pool.get('a');
    pool.get('b');
    expect(pool.has('a')).toBe(false);
    expect(pool.get('a')).not.toBe(evicted);
    expect((await pool.get('a').getToken()).value).toBe(token.value);
    expect(account('a').tried).toHaveLength(1);
  });

  it('an evicted tenant does not forget its cooldown', async () => {
    const { pool, account } = setUp({ max: 1 }, { a: 'wrong' });
    await expect(pool.get('a').getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    pool.get('b');
    await expect(pool.get('a').getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', reason: 'INVALID_CREDENTIALS' });
    expect(account('a').tried).toEqual(['wrong']);
  });

  it.each(['evicted', 'deleted'])('a tenant that is %s during its login goes on with it, and its successor shares it', async (how) => {
    const { pool, account } = setUp({ max: 1 });
    const held = account('a').hold();
    const first = pool.get('a').getToken();
    await waitUntil('it logs in', () => account('a').tried.length === 1);
    if (how === 'evicted') pool.get('b');
    else pool.delete('a');
    expect(pool.has('a')).toBe(false);
    const second = pool.get('a').getToken();
    held.release();
    expect((await second).value).toBe((await first).value);
    expect(account('a').tried).toHaveLength(1);
  });
});

const keys = Array.from({ length: 12 }, (_, index) => `tenant ${index}`);

it('warming a pool up gets a token for every key once, and tells of each', async () => {
  const { pool, account } = setUp();
  const progress: WarmProgress[] = [];
  const result = await pool.warm([...keys, ...keys], { onProgress: (step) => void progress.push(step) });
  expect(result).toEqual({ ready: keys.length, failed: [] });
  for (const key of keys) {
    expect(account(key).tried).toHaveLength(1);
    expect(pool.get(key).peekToken()).toBeDefined();
  }
  expect(progress.map(({ done }) => done)).toEqual(keys.map((_, index) => index + 1));
  expect(progress.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
  expect(progress.every(({ total, error }) => total === keys.length && error === undefined)).toBe(true);
});

it.each([1, 3, 100])('warming a pool up has no more than %i logins under way at once, and as many as that', async (concurrency) => {
  const { pool, account } = setUp();
  const held = keys.map((key) => account(key).hold());
  const underWay = (): number => keys.filter((key) => account(key).tried.length > 0).length;
  const running = pool.warm(keys, { concurrency });
  const most = Math.min(concurrency, keys.length);
  for (let begun = most; begun <= keys.length; begun += 1) {
    await waitUntil(`${begun} have begun`, () => underWay() >= begun);
    expect(underWay()).toBe(begun);
    held[begun - most]?.release();
  }
  for (const { release } of held) release();
  expect((await running).ready).toBe(keys.length);
});

it('warming a pool up names the keys that failed, and why, and does not stop for them', async () => {
  const { pool } = setUp({}, { 'tenant 1': 'wrong' });
  const told: string[] = [];
  const onProgress = ({ key, error }: WarmProgress): void => void (error !== undefined && told.push(key));
  const { ready, failed } = await pool.warm(['tenant 0', 'tenant 1', 'broken', 'tenant 2'], { concurrency: 1, onProgress });
  expect(ready).toBe(2);
  expect(failed).toMatchObject([
    { key: 'tenant 1', error: { code: 'INVALID_CREDENTIALS' } },
    { key: 'broken', error: { message: 'no such tenant' } },
  ]);
  expect(told).toEqual(['tenant 1', 'broken']);
});

it('warming a pool up begins no further key once its signal fires, and frees the callers of those under way', async () => {
  const { pool, account } = setUp();
  const controller = new AbortController();
  const held = account('tenant 1').hold();
  const running = pool.warm(keys, { concurrency: 1, signal: controller.signal });
  await waitUntil('the second one logs in', () => account('tenant 1').tried.length === 1);
  controller.abort();
  expect(await running).toMatchObject({ ready: 1, failed: [{ key: 'tenant 1', error: { code: 'ABORTED' } }] });
  expect(pool.size).toBe(2);
  held.release();
  await expect(pool.get('tenant 1').getToken()).resolves.toBeDefined();
  expect(account('tenant 1').tried).toHaveLength(1);
});

it('warming a pool up without a key is done at once', async () => {
  expect(await setUp().pool.warm([])).toEqual({ ready: 0, failed: [] });
});
