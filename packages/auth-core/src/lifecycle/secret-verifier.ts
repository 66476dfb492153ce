import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** By which a provider knows, from a store, whether another one held the same secret; the secret cannot be read from it. */
export interface SecretVerifier {
  readonly salt: string;
  readonly hash: string;
}

/** About ten milliseconds and 4 MiB, off the event loop. */
const cost = { N: 4_096, r: 8, p: 1 };

/** Makes a verifier that holds for one store key only: moved to another one, it fits nothing. */
export async function createVerifier(secret: string, storeKey: string): Promise<SecretVerifier> {
  const salt = randomBytes(16).toString('base64url');
  return { salt, hash: (await derive(secret, salt, storeKey)).toString('base64url') };
}

export async function verifies(secret: string, verifier: SecretVerifier, storeKey: string): Promise<boolean> {
  const derived = await derive(secret, verifier.salt, storeKey);
  const stored = Buffer.from(verifier.hash, 'base64url');
  return stored.length === derived.length && timingSafeEqual(stored, derived);
}

function derive(secret: string, salt: string, storeKey: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, JSON.stringify([salt, storeKey]), 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
