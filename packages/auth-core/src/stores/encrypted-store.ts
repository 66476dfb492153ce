import { createSecretKey } from 'node:crypto';
import { types } from 'node:util';

import { AuthError } from '../auth-error.ts';
import { openValue, type SealingKey, sealValue } from './sealed-value.ts';
import { processKey, type ProcessStore, type TokenStore } from './token-store.ts';

const KEY_LENGTH = 32;

/**
 * Keeps the values of another store encrypted with AES-256-GCM. Store keys stay as they are; the store key and the id of the encryption
 * key are authenticated, so that an entry that was copied to another account's key is a miss, as is everything else that cannot be
 * decrypted. Leases are those of the store inside.
 *
 * The first key writes, all of them read. To rotate: add the new key last everywhere, then move it to the front, then drop the old one.
 *
 * @param keys Each with an id, which is stored in the clear, and 32 random bytes.
 * @throws AuthError `STORE` where there is no key, one has not 32 bytes, or two have the same id.
 */
export function encryptedStore(store: TokenStore & ProcessStore, keys: readonly { id: string; key: Uint8Array }[]): TokenStore {
  const sealingKeys = importKeys(keys);
  const readers = new Map(sealingKeys.map((key) => [key.id, key]));

  async function remove(key: string, expected: string): Promise<boolean> {
    // The same value may have been written anew, in other bytes, between the look and the deletion: look again until the bytes stand still.
    let seen: string | undefined;
    for (;;) {
      const sealed = await store.get(key);
      if (sealed === undefined || sealed === seen || openValue(sealed, key, readers) !== expected) return false;
      if (await store.delete(key, sealed)) return true;
      seen = sealed;
    }
  }

  return {
    async get(key) {
      const sealed = await store.get(key);
      return sealed === undefined ? undefined : openValue(sealed, key, readers);
    },
    set: async (key, value, options) => store.set(key, sealValue(value, key, sealingKeys[0]), options),
    delete: (key, expected) => (expected === undefined ? store.delete(key) : remove(key, expected)),
    ...(store.tryLock === undefined ? {} : { tryLock: store.tryLock.bind(store) }),
    ...(store[processKey] === undefined ? {} : { [processKey]: store[processKey] }),
  };
}

function importKeys(keys: readonly { id: string; key: Uint8Array }[]): [SealingKey, ...SealingKey[]] {
  const [first, ...others] = keys.map(({ id, key }, index) => {
    // Not `instanceof`: where tests run in a realm of their own, Node's Buffers are of another one.
    if (!types.isUint8Array(key)) throw unusable(`keys[${index}].key must be a Uint8Array of ${KEY_LENGTH} bytes`);
    if (key.length !== KEY_LENGTH) throw unusable(`keys[${index}].key must have ${KEY_LENGTH} bytes, not ${key.length}`);
    if (typeof id !== 'string' || id === '') throw unusable(`keys[${index}].id must be a non-empty string`);
    const same = keys.findIndex((other) => other.id === id);
    if (same !== index) throw unusable(`keys[${index}].id is the same as that of keys[${same}]`);
    return { id, key: createSecretKey(key) };
  });
  if (first === undefined) throw unusable('keys must hold at least one key');
  return [first, ...others];
}

function unusable(what: string): AuthError {
  return new AuthError({ code: 'STORE', provider: 'auth-core', message: `encryptedStore: ${what}` });
}
