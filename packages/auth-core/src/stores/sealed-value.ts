import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const FORMAT = '1';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** An AES-256 key and the name by which sealed values refer to it. */
export interface SealingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** `1.<key id>.<nonce, ciphertext and tag>`, both in base64url: AES-256-GCM with a random nonce of 96 bits. */
export function sealValue(value: string, storeKey: string, { id, key }: SealingKey): string {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(additionalData(storeKey, id));
  const sealed = Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [FORMAT, Buffer.from(id).toString('base64url'), sealed.toString('base64url')].join('.');
}

/** The value, or undefined where it was not sealed for this store key by one of these keys. */
export function openValue(text: string, storeKey: string, keys: ReadonlyMap<string, SealingKey>): string | undefined {
  const [format, id, body, ...rest] = text.split('.');
  const key = keys.get(Buffer.from(id ?? '', 'base64url').toString());
  const sealed = Buffer.from(body ?? '', 'base64url');
  if (key === undefined || format !== FORMAT || rest.length > 0 || sealed.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  // Lenient decoding ignores stray characters: what is not the one way to write these bytes was changed by somebody.
  if (sealed.toString('base64url') !== body || Buffer.from(key.id).toString('base64url') !== id) return undefined;
  return decipher(sealed, storeKey, key);
}

function decipher(sealed: Buffer, storeKey: string, { id, key }: SealingKey): string | undefined {
  const decipherer = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_LENGTH), { authTagLength: TAG_LENGTH });
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
