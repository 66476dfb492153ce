import type { TokenStore } from '@x/auth-core';
import { ignoresPauses } from '@x/auth-core/provider';

import type { LeasingStore } from '../long-leases.ts';

/**
 * A store by which a provider makes a login of its own although there is a token, and leaves what it brings to all others. The old token stays until then:
 * if the login fails, nobody has lost it. `isForced`: it is made in spite of pauses, and what it comes to is added to what is known of refusals and failures.
 */
export function storeForOwnLogin(store: LeasingStore, isForced: boolean): TokenStore & Record<typeof ignoresPauses, boolean> {
  return {
    get: (key) => (key.includes(':token:') ? Promise.resolve(undefined) : store.get(key)),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key, expected) => store.delete(key, expected),
    tryLock: (key, ttl) => store.tryLock(key, ttl),
    [ignoresPauses]: isForced,
  };
}
