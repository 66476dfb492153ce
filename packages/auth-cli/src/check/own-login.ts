import type { TokenStore } from '@x/auth-core';

/**
 * A store by which a provider makes a login of its own although there is a token, and leaves what it brings to all others. The old token stays until then:
 * if the login fails, nobody has lost it. `isForced` hides refusals and pauses, too.
 */
export function storeForOwnLogin(store: TokenStore, isForced: boolean): TokenStore {
  const isHidden = (key: string): boolean => isForced || key.includes(':token:');
  return {
    get: (key) => (isHidden(key) ? Promise.resolve(undefined) : store.get(key)),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key, expected) => store.delete(key, expected),
    ...(store.tryLock === undefined ? {} : { tryLock: async (key: string, ttl: number) => store.tryLock?.(key, ttl) }),
  };
}
