import { memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { stubVendor } from './stub-vendor.ts';

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => clock[Symbol.dispose]());

function setUp(secret = (): string => 'password', lifetime: number | null = 3_600_000) {
  const store = memoryStore();
  const vendor = stubVendor({ now: () => clock.now(), secret, lifetime });
  const create = (options: TokenProviderOptions) => createTokenProvider(vendor.protocol, { clock, random: () => 0, store, ...options });
  return { vendor, create };
}

describe('a rejected token that may cause no login, because the budget is used up', () => {
  it.each([3_600_000, null])('is replaced by the one that another process has stored meanwhile (lifetime %j)', async (lifetime) => {
    const { vendor, create } = setUp(undefined, lifetime);
    const [one, other] = [create({ rejectionBudget: 0 }), create({})];
    const rejected = await one.getToken();
    await other.getToken({ rejected: await other.getToken() });
    const answers = await Promise.all([one.getToken({ rejected }), one.getToken({ rejected })]);
    expect(answers.map(({ value }) => value)).toEqual(['token-2', 'token-2']);
    expect(one.peekToken()?.value).toBe('token-2');
    expect(vendor.logins).toBe(2);
  });

  it('stays in use where the store has no other', async () => {
    const { vendor, create } = setUp();
    const provider = create({ rejectionBudget: 0 });
    const rejected = await provider.getToken();
    expect(await provider.getToken({ rejected })).toBe(rejected);
    expect(vendor.logins).toBe(1);
  });

  it('stays in use where the password for the store cannot be had', async () => {
    let isThere = true;
    const { create } = setUp(() => {
      if (!isThere) throw new Error('no vault');
      return 'password';
    });
    const provider = create({ rejectionBudget: 0 });
    const rejected = await provider.getToken();
    isThere = false;
    expect(await provider.getToken({ rejected })).toBe(rejected);
  });
});
