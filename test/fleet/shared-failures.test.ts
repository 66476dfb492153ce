import { AuthError, createTokenProviderPool, memoryStore, type TokenProvider, type VendorProtocol } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import { manualClock } from '@x/auth-core/testing';
import { expect, it } from 'vitest';

/** A vendor whose logins do what the test says, and tell how many there were at once. */
function vendor(login: (attempt: number) => Promise<{ value: string }>) {
  const seen = { logins: 0, mostAtOnce: 0 };
  let atOnce = 0;
  const protocol: VendorProtocol = {
    name: 'vendor',
    baseUrl: 'https://api.example.com',
    identity: 'account',
    secret: () => 'password',
    isRejection: () => false,
    async login() {
      seen.logins += 1;
      atOnce += 1;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, atOnce);
      try {
        return await login(seen.logins);
      } finally {
        atOnce -= 1;
      }
    },
  };
  return { seen, protocol };
}

function down(retryAfter?: number): AuthError {
  const pause = retryAfter === undefined ? {} : { retryAfter };
  return new AuthError({ code: 'NETWORK', provider: 'vendor', message: 'vendor: down', retryable: true, ...pause });
}

it('a login that fails fails for all who waited for it: they do not queue up to fail one after the other', async () => {
  let fail: (error: Error) => void = () => undefined;
  const { seen, protocol } = vendor(() => new Promise((_, reject) => (fail = reject)));
  const store = memoryStore();
  const providers: TokenProvider[] = Array.from({ length: 16 }, () => createTokenProvider(protocol, { store, retries: 0 }));
  const calls = providers.map((provider) => provider.getToken().catch((error: unknown) => error));
  await expect.poll(() => seen.logins).toBe(1);
  fail(down());
  const errors = await Promise.all(calls);
  expect(errors.every((error) => error instanceof AuthError && error.code === 'NETWORK')).toBe(true);
  expect(seen).toEqual({ logins: 1, mostAtOnce: 1 });
});

it('a failure is not held against those who come later', async () => {
  const { seen, protocol } = vendor(async (attempt) => (attempt === 1 ? Promise.reject(down()) : { value: 'token' }));
  const store = memoryStore();
  const options = { store, retries: 0 };
  await expect(createTokenProvider(protocol, options).getToken()).rejects.toMatchObject({ code: 'NETWORK' });
  expect((await createTokenProvider(protocol, options).getToken()).value).toBe('token');
  expect(seen.logins).toBe(2);
});

it('a pause that the vendor asked for is kept by the whole fleet, and by an account that its pool evicted', async () => {
  const { seen, protocol } = vendor(async () => Promise.reject(down(600_000)));
  const clock = manualClock();
  const pool = createTokenProviderPool((key, { store }) => createTokenProvider({ ...protocol, identity: key }, { store, clock }), {
    max: 1,
  });
  await expect(pool.get('a').getToken()).rejects.toMatchObject({ code: 'NETWORK', retryAfter: 600_000 });
  pool.get('b');
  expect(pool.has('a')).toBe(false);
  await expect(pool.get('a').getToken()).rejects.toMatchObject({ code: 'COOLING_DOWN', reason: 'NETWORK', retryAfter: 600_000 });
  expect(seen.logins).toBe(1);
  await clock.advance(600_000);
  await expect(pool.get('a').getToken()).rejects.toMatchObject({ code: 'NETWORK' });
  expect(seen.logins).toBe(2);
});

it('a token that ends while it is being stored is not handed out', async () => {
  const clock = manualClock();
  const { seen, protocol } = vendor(async (attempt) => ({ value: `token-${attempt}`, expiresAt: clock.now() + 500 }));
  const memory = memoryStore();
  let slow = 1;
  const store = {
    ...memory,
    set: async (...entry: Parameters<typeof memory.set>) => {
      if (slow-- > 0) await clock.advance(800);
      return memory.set(...entry);
    },
  };
  const token = await createTokenProvider(protocol, { store, clock }).getToken();
  expect(token.expiresAt).toBeGreaterThan(clock.now());
  expect(seen.logins).toBe(2);
});
