import { memoryStore } from '@x/auth-core';
import { type ManualClock, manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { rightPassword, stubAccount } from './stub-account.ts';

const wrong = 'last-years-password';
const cooldown = 30_000;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});
afterEach(() => clock[Symbol.dispose]());

it('refused credentials are not tried by another provider that has them too', async () => {
  const store = memoryStore();
  const account = stubAccount();
  await expect(account.provider({ clock, store, password: wrong }).getToken()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  const other = account.provider({ clock, store, password: wrong }).getToken();
  await expect(other).rejects.toMatchObject({
    code: 'COOLING_DOWN',
    reason: 'INVALID_CREDENTIALS',
    vendorCode: '10',
    retryAfter: cooldown,
    retryable: false,
  });
  expect(account.tried).toEqual([wrong]);
});

it('refused credentials keep nobody from trying the right ones at once', async () => {
  const store = memoryStore();
  const account = stubAccount();
  await expect(account.provider({ clock, store, password: wrong }).getToken()).rejects.toThrow();
  const token = await account.provider({ clock, store }).getToken();
  expect(account.tried).toEqual([wrong, rightPassword]);
  expect((await account.provider({ clock, store }).getToken()).value).toBe(token.value);
  await expect(account.provider({ clock, store, password: wrong }).getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
  expect(account.tried).toHaveLength(2);
});

it('refused credentials are tried once by the whole fleet when the cooldown is over, which is then twice as long', async () => {
  const store = memoryStore();
  const account = stubAccount();
  await expect(account.provider({ clock, store, password: wrong }).getToken()).rejects.toThrow();
  await clock.advance(cooldown - 1);
  const early = account.provider({ clock, store, password: wrong }).getToken();
  await expect(early).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 1 });
  await clock.advance(1);
  const all = Array.from({ length: 4 }, () => account.provider({ clock, store, password: wrong }).getToken());
  const codes = (await Promise.allSettled(all)).map((result) => (result.status === 'rejected' ? String(result.reason.code) : 'fulfilled'));
  expect(codes.toSorted()).toEqual(['COOLING_DOWN', 'COOLING_DOWN', 'COOLING_DOWN', 'INVALID_CREDENTIALS']);
  expect(account.tried).toEqual([wrong, wrong]);
  const later = account.provider({ clock, store, password: wrong }).getToken();
  await expect(later).rejects.toMatchObject({ code: 'COOLING_DOWN', retryAfter: 2 * cooldown });
});

it('credentials that were refused and turn out to be right are no longer held against anyone', async () => {
  const store = memoryStore();
  const account = stubAccount();
  await expect(account.provider({ clock, store, password: 'next' }).getToken()).rejects.toThrow();
  account.password = 'next';
  await clock.advance(cooldown);
  const token = await account.provider({ clock, store, password: 'next' }).getToken();
  account.password = 'another';
  // The count has begun anew: one refusal, one simple cool-down.
  const refused = account.provider({ clock, store, password: 'next' }).getToken({ rejected: token });
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  await expect(account.provider({ clock, store, password: 'next' }).getToken()).rejects.toMatchObject({ retryAfter: cooldown });
  expect(account.tried).toHaveLength(3);
});

it('several passwords that were refused are remembered side by side', async () => {
  const store = memoryStore();
  const account = stubAccount();
  const wrongs = ['one', 'two', 'three', 'four'];
  for (const password of wrongs) await expect(account.provider({ clock, store, password }).getToken()).rejects.toThrow();
  for (const password of wrongs) {
    await expect(account.provider({ clock, store, password }).getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
  }
  expect(account.tried).toEqual(wrongs);
});

it('refused credentials of one account say nothing about another account with the same password', async () => {
  const store = memoryStore();
  const [mine, yours] = [stubAccount('mine'), stubAccount('yours')];
  yours.password = wrong;
  await expect(mine.provider({ clock, store, password: wrong }).getToken()).rejects.toThrow();
  await expect(yours.provider({ clock, store, password: wrong }).getToken()).resolves.toMatchObject({ value: 'token-yours-1' });
});
