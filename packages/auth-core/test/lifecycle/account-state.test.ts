import { AuthError, memoryStore, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fails, stubVendor, type StubVendorOptions } from './stub-vendor.ts';

const lifetime = 3_600_000;

let clock = manualClock();
beforeEach(() => {
  clock = manualClock({ timers: true });
});
afterEach(() => {
  clock[Symbol.dispose]();
});

function setUp(options: TokenProviderOptions = {}, vendorOptions: Partial<StubVendorOptions> = {}) {
  const vendor = stubVendor({ now: () => clock.now(), secret: () => 'hunter2!', ...vendorOptions });
  const create = () => createTokenProvider(vendor.protocol, { clock, random: () => 0, ...options });
  return { vendor, create, provider: create() };
}

it('the status is empty before the first login, and asking for it makes none', async () => {
  const { vendor, provider } = setUp();
  expect(await provider.status()).toEqual({});
  expect(vendor.logins).toBe(0);
});

it('the status tells when the token was issued, ends and is refreshed, and a fingerprint, but no secret', async () => {
  const { provider } = setUp();
  const token = await provider.getToken();
  const status = await provider.status();
  const { issuedAt } = token;
  const fingerprint = expect.stringMatching(/^[\da-f]{8}$/);
  expect(status).toEqual({
    issuedAt,
    expiresAt: issuedAt + lifetime,
    assumedEnd: false,
    refreshAt: issuedAt + 0.9 * lifetime,
    fingerprint,
  });
  expect(JSON.stringify(status)).not.toMatch(/token-1|hunter2/);
});

it('the status has no end where the token has none', async () => {
  const { provider } = setUp({}, { lifetime: null });
  const { issuedAt } = await provider.getToken();
  expect(await provider.status()).toEqual({ issuedAt, fingerprint: expect.any(String) });
});

it('the status is that of the stored token where this process has none yet', async () => {
  const store = memoryStore();
  const { create, vendor } = setUp({ store });
  const first = create();
  await first.getToken();
  expect(await create().status()).toEqual(await first.status());
  expect(vendor.logins).toBe(1);
});

it.each([
  ['refused credentials', fails('INVALID_CREDENTIALS'), { reason: 'INVALID_CREDENTIALS', left: 30_000 }],
  [
    'a pause that the vendor asked for',
    fails('VENDOR_ERROR', { retryable: true, retryAfter: 60_000 }),
    { reason: 'VENDOR_ERROR', left: 60_000 },
  ],
])(
  'the status tells of %s until when no login is made, here and in every process of the fleet',
  async (_what, failure, { reason, left }) => {
    const store = memoryStore();
    const { create, vendor } = setUp({ store, retries: 0 });
    vendor.script.push(failure);
    const provider = create();
    await expect(provider.getToken()).rejects.toThrow(AuthError);
    const until = clock.now() + left;
    expect(await provider.status()).toEqual({ pause: { reason, until } });
    expect(await create().status()).toEqual({ pause: { reason, until } });
    await clock.advance(left);
    expect(await provider.status()).toEqual({});
  },
);

it('the status is told without the store where the password cannot be had', async () => {
  const secret = { text: 'hunter2!' as string | undefined };
  const ask = (): string => {
    if (secret.text === undefined) throw new Error('no vault');
    return secret.text;
  };
  const { provider } = setUp({ store: memoryStore() }, { secret: ask });
  const token = await provider.getToken();
  secret.text = undefined;
  expect(await provider.status()).toMatchObject({ issuedAt: token.issuedAt });
});

describe('forgetting an account', () => {
  it('forget lets the next caller log in, here and in every process of the fleet', async () => {
    const { create, vendor } = setUp({ store: memoryStore() });
    const provider = create();
    const first = await provider.getToken();
    await provider.forget();
    expect(provider.peekToken()).toBeUndefined();
    expect(await provider.status()).toEqual({});
    expect(await create().getToken()).not.toBe(first);
    expect(vendor.logins).toBe(2);
  });

  it.each([
    ['the cooldown of refused credentials', fails('INVALID_CREDENTIALS')],
    ['a pause that the vendor asked for', fails('VENDOR_ERROR', { retryable: true, retryAfter: 3_600_000 })],
  ])('forget ends %s', async (_what, failure) => {
    const { create, vendor } = setUp({ store: memoryStore(), retries: 0 });
    vendor.script.push(failure);
    const provider = create();
    await expect(provider.getToken()).rejects.toThrow(AuthError);
    await expect(create().getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN' });
    await provider.forget();
    expect((await create().getToken()).value).toBe('token-2');
    expect((await provider.getToken()).value).toBe('token-2');
  });

  it('forget fails nobody where the store cannot be used', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('down');
    };
    const { provider } = setUp({ store: { get: broken, set: broken, delete: broken } });
    await provider.getToken();
    await provider.forget();
    expect(provider.peekToken()).toBeUndefined();
  });
});

describe('a method without its provider', () => {
  it.each(['getToken', 'status', 'forget'] as const)(
    '%s without its provider rejects with CONFIG and says how to call it',
    async (name) => {
      const { [name]: method } = setUp().provider;
      await expect((method as () => Promise<unknown>)()).rejects.toMatchObject({
        code: 'CONFIG',
        provider: 'auth-core',
        message: expect.stringContaining(`provider.${name}(`),
      });
    },
  );

  it.each(['peekToken', 'isRejection', 'requestHeaders'] as const)(
    '%s without its provider, or through a Proxy, throws CONFIG and says how to call it',
    (name) => {
      const { provider } = setUp();
      const { [name]: method } = provider;
      const says = expect.objectContaining({ code: 'CONFIG', message: expect.stringContaining(`provider.${name}(`) });
      expect(() => (method as () => unknown)()).toThrow(says);
      expect(() => (Reflect.get(new Proxy(provider, {}), name) as (this: unknown) => unknown).call(new Proxy(provider, {}))).toThrow(says);
    },
  );
});
