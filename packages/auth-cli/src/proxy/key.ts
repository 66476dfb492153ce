import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A key that nobody can guess: 32 random bytes, fit for a header and for a shell. */
export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** The shortest key that is taken, in characters: 128 bits in hexadecimal digits. */
export const shortestKey = 32;

/** Whether it can be sent as `Authorization: Bearer …` (RFC 6750, section 2.1) and is too long to be guessed. */
export function isKey(text: string): boolean {
  return text.length >= shortestKey && /^[\w.~+/-]+=*$/.test(text);
}

/** Compares what a caller shows with the key. How long that takes tells nothing about the key: hashes of one length are compared. */
export function keyCheck(key: string): (shown: string) => boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = hash(key);
  return (shown) => timingSafeEqual(hash(shown), expected);
}
