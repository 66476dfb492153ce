import { type AccessTokenInit, AuthError, type TokenProvider, type TokenProviderOptions } from '@x/auth-core';
import { createTokenProvider } from '@x/auth-core/provider';
import type { VendorProtocol } from '@x/auth-core';

/** An account at a vendor without a network: what a test of sharing needs, and nothing that takes time. */
export interface StubAccount {
  /** What is right; may be changed. */
  password: string;
  /** The passwords of all logins so far. */
  readonly tried: string[];
  /** Holds up the next logins until it is let go of. */
  hold(): { release(): void };
  provider(options?: TokenProviderOptions & { password?: string }): TokenProvider;
}

export const rightPassword = 'right-password-of-the-stub';

export function stubAccount(identity = 'account'): StubAccount {
  const tried: string[] = [];
  let gate = Promise.resolve();
  async function login({ secret = '' }: Parameters<VendorProtocol['login']>[0]): Promise<AccessTokenInit> {
    tried.push(secret);
    const value = `token-${identity}-${tried.length}`;
    await gate;
    if (secret === account.password) return { value };
    throw new AuthError({ code: 'INVALID_CREDENTIALS', provider: 'stub', message: 'stub: refused', vendorCode: '10' });
  }
  const account: StubAccount = {
    password: rightPassword,
    tried,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return { release: () => resolve() };
    },
    provider({ password = rightPassword, ...options } = {}) {
      const isRejection = ({ status }: { status: number }): boolean => status === 401;
      const protocol = { name: 'stub', baseUrl: 'https://api.example.com', identity, secret: () => password, login, isRejection };
      // A busy machine may need its time for the store.
      return createTokenProvider(protocol, { storeTimeout: 10_000, ...options });
    },
  };
  return account;
}
