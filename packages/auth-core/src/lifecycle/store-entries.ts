import * as v from 'valibot';

import type { AuthErrorCode } from '../auth-error.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { processKey, type ProcessStore, type TokenStore } from '../stores/token-store.ts';
import { oneAtATime } from './process-wide.ts';
import { vendorTokenSchema } from './token.ts';

/**
 * The formats of what stands in a store for an account, and what binds an entry to the password of whoever wrote it: `<MAC>.<JSON>`, the MAC over the
 * store key and the JSON. Instants are the vendor's time, in epoch milliseconds; durations are milliseconds.
 */

/** Stands in the store keys, so that two formats never overwrite each other. */
export const entryFormat = 2;

/** No pause that is read is longer: a vendor that asks for more, or an entry that somebody has changed, must not stop an account for years. */
export const longestPause = 3_600_000;

const instant = v.pipe(v.number(), v.finite());
const pause = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Credentials that were refused. `until` is when the cooldown ends; `duration` how long it was at first: it is never longer to a reader whose clock is wrong. */
const refusalSchema = v.object({
  code: v.picklist(['INVALID_CREDENTIALS', 'NOT_ALLOWED']),
  vendorCode: v.optional(v.string()),
  vendorMessage: v.optional(v.string()),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  until: instant,
  duration: pause,
});

/**
 * The last login that failed. `final`: it stands for all who wait; a refresh that nobody waits for fails for itself alone. `pause` is how long no login is
 * made, `pauseUntil` when that ends, and `failures` how many in a row failed for good. `id` tells it from every other failure.
 */
const failureSchema = v.object({
  code: v.picklist(['VENDOR_ERROR', 'BAD_RESPONSE', 'NETWORK', 'TIMEOUT']),
  message: v.string(),
  vendorCode: v.optional(v.string()),
  vendorMessage: v.optional(v.string()),
  vendorStatus: v.optional(v.number()),
  attempts: v.optional(v.number()),
  retryable: v.boolean(),
  final: v.boolean(),
  pause,
  pauseUntil: instant,
  failures: v.pipe(v.number(), v.integer(), v.minValue(0)),
  id: v.string(),
});

/**
 * What the fleet knows of refusals: one sealed entry for each password that was refused, newest last; and, readable by all, how many refusals of whatever
 * passwords came since the last success, and when the last one came.
 */
const refusalsSchema = v.object({
  refused: v.array(v.string()),
  count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  last: instant,
});

/** Credentials of the account that were refused. */
export type RefusalEntry = v.InferOutput<typeof refusalSchema>;
/** The last login of the account that failed, for those who waited for it. */
export type FailureEntry = v.InferOutput<typeof failureSchema>;
/** What is stored of refusals. */
export type RefusalsEntry = v.InferOutput<typeof refusalsSchema>;
type TokenEntry = v.InferOutput<typeof vendorTokenSchema>;

/** Undefined where the text is not what this format has, or holds what a login could not have brought. So with the next ones. */
export function parseToken(json: string): TokenEntry | undefined {
  return parse(vendorTokenSchema, json);
}

export function parseRefusal(json: string): RefusalEntry | undefined {
  return parse(refusalSchema, json);
}

export function parseFailure(json: string): FailureEntry | undefined {
  return parse(failureSchema, json);
}

export function parseRefusals(json: string): RefusalsEntry | undefined {
  return parse(refusalsSchema, json);
}

/** A failure as it is stored; undefined where its code is none that is kept. */
export function formatFailure(failure: Omit<FailureEntry, 'code'> & { code: AuthErrorCode }): string | undefined {
  return v.is(failureSchema.entries.code, failure.code) ? JSON.stringify(failure) : undefined;
}

function parse<const Schema extends v.GenericSchema>(schema: Schema, json: string): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), json);
  return result.success ? result.output : undefined;
}

/** A key that nobody has who does not hold the same password: a text, which takes a tenth of the memory of a Buffer. */
export type EntryKey = string;

/** Takes 30 to 50 ms, which makes it slow to guess a password by an entry. PBKDF2 is also there where OpenSSL runs in FIPS mode. */
const rounds = 210_000;

/**
 * The key of a password for the entries of an account in a store that lives in this process's memory; undefined for any other store. Such entries cannot be
 * copied to guess passwords with: a key that only this process has makes the rounds needless, and it is made anew each time, so that nobody keeps it.
 */
export function processEntryKey(secret: string, accountKey: string, store: TokenStore & ProcessStore): EntryKey | undefined {
  const ownKey = store[processKey];
  if (ownKey === undefined) return undefined;
  return nodeCrypto
    .createHmac('sha256', ownKey)
    .update(JSON.stringify([accountKey, secret]))
    .digest('base64url');
}

/** The key of a password for the entries of an account in a store that others can read. */
export async function deriveEntryKey(secret: string, accountKey: string): Promise<EntryKey> {
  const salt = nodeCrypto.createHash('sha256').update(accountKey).digest();
  const key = await oneAtATime(() => derive(secret, salt));
  return key.toString('base64url');
}

function derive(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    nodeCrypto.pbkdf2(secret, salt, rounds, 32, 'sha256', (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** Binds an entry to a key and to its place in the store. */
export function seal(json: string, storeKey: string, key: EntryKey | undefined): string {
  return `${key === undefined ? '' : macOf(json, storeKey, key)}.${json}`;
}

/** What was sealed; undefined where it was sealed with another key or for another place, or changed. Without a key nothing is checked. */
export function unseal(entry: string, storeKey: string, key: EntryKey | undefined): string | undefined {
  const dot = entry.indexOf('.');
  if (dot === -1) return undefined;
  const json = entry.slice(dot + 1);
  return key === undefined || isEqual(entry.slice(0, dot), macOf(json, storeKey, key)) ? json : undefined;
}

/** Whether a text looks like an entry, whoever wrote it. */
export function isSealed(entry: string): boolean {
  return /^(?:[\w-]{43})?\.[[{"]/.test(entry);
}

function macOf(json: string, storeKey: string, key: EntryKey): string {
  return nodeCrypto
    .createHmac('sha256', key)
    .update(JSON.stringify([storeKey, json]))
    .digest('base64url');
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && nodeCrypto.timingSafeEqual(a, b);
}
