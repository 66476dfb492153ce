import type { KeyObject } from 'node:crypto';
import { isUint8Array } from 'node:util/types';

import { AuthError } from '../auth-error.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { processKey, type ProcessStore, type TokenStore } from './token-store.ts';

const FORMAT = '1';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;

/**
 * Keeps the values of another store encrypted with AES-256-GCM. Store keys stay as they are; the store key and the id of the encryption
 * key are authenticated, so that an entry that was copied to another account's key is a miss, as is everything else that cannot be
 * decrypted. Leases are those of the store inside.
 *
 * The first key writes, all of them read. To rotate: add the new key last everywhere, then move it to the front, then drop the old one.
 *
 * @param keys Each with an id, which is stored unencrypted, and 32 random bytes.
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
    if (!isUint8Array(key)) throw unusable(`keys[${index}].key must be a Uint8Array of ${KEY_LENGTH} bytes`);
    if (key.length !== KEY_LENGTH) throw unusable(`keys[${index}].key must have ${KEY_LENGTH} bytes, not ${key.length}`);
    if (typeof id !== 'string' || id === '') throw unusable(`keys[${index}].id must be a non-empty string`);
    const same = keys.findIndex((other) => other.id === id);
    if (same !== index) throw unusable(`keys[${index}].id is the same as that of keys[${same}]`);
    return { id, key: nodeCrypto.createSecretKey(key) };
  });
  if (first === undefined) throw unusable('keys must hold at least one key');
  return [first, ...others];
}

function unusable(what: string): AuthError {
  return new AuthError({ code: 'STORE', provider: 'auth-core', message: `encryptedStore: ${what}` });
}

/** An AES-256 key and the name by which sealed values refer to it. */
interface SealingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** `1.<key id>.<nonce, ciphertext and tag>`, both in base64url: AES-256-GCM with a random nonce of 96 bits. */
function sealValue(value: string, storeKey: string, { id, key }: SealingKey): string {
  const nonce = nodeCrypto.randomBytes(NONCE_LENGTH);
  const cipher = nodeCrypto.createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(additionalData(storeKey, id));
  const sealed = Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [FORMAT, Buffer.from(id).toString('base64url'), sealed.toString('base64url')].join('.');
}

/** The value, or undefined where it was not sealed for this store key by one of these keys. */
function openValue(text: string, storeKey: string, keys: ReadonlyMap<string, SealingKey>): string | undefined {
  const [format, id, body, ...rest] = text.split('.');
  const key = keys.get(Buffer.from(id ?? '', 'base64url').toString());
  const sealed = Buffer.from(body ?? '', 'base64url');
  if (key === undefined || format !== FORMAT || rest.length > 0 || sealed.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  // Lenient decoding ignores stray characters: what is not the one way to write these bytes was changed by somebody.
  if (sealed.toString('base64url') !== body || Buffer.from(key.id).toString('base64url') !== id) return undefined;
  return decipher(sealed, storeKey, key);
}

function decipher(sealed: Buffer, storeKey: string, { id, key }: SealingKey): string | undefined {
  const decipherer = nodeCrypto.createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_LENGTH), { authTagLength: TAG_LENGTH });
  decipherer.setAAD(additionalData(storeKey, id));
  decipherer.setAuthTag(sealed.subarray(-TAG_LENGTH));
  const plain = decipherer.update(sealed.subarray(NONCE_LENGTH, -TAG_LENGTH));
  try {
    return Buffer.concat([plain, decipherer.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** JSON, because no two pairs of strings are written alike in it. */
function additionalData(storeKey: string, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, storeKey, keyId]));
}
