import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import * as v from 'valibot';

import type { AuthErrorCode } from '../auth-error.ts';

/**
 * The formats of what stands in a store for an account, and what binds an entry to the password of whoever wrote it. Instants are the vendor's time, in
 * epoch milliseconds; durations are milliseconds.
 */

const version = 1;
const instant = v.pipe(v.number(), v.finite());

/** By which a provider knows whether another one held the same secret; the secret cannot be read from it. */
const verifier = v.object({ salt: v.string(), hash: v.string() });
type Verifier = v.InferOutput<typeof verifier>;

const tokenEntry = v.object({
  version: v.literal(version),
  value: v.pipe(v.string(), v.minLength(1)),
  scheme: v.optional(v.string()),
  extra: v.optional(v.record(v.string(), v.string())),
  issuedAt: instant,
  expiresAt: v.optional(instant),
  assumedEnd: v.optional(v.boolean()),
  verifier,
});

/** `until` is when the cooldown ends; `duration` how long it was at first: to a reader whose clock is wrong it is never longer. */
const refusalsEntry = v.object({
  version: v.literal(version),
  refusals: v.array(
    v.object({
      code: v.picklist(['INVALID_CREDENTIALS', 'NOT_ALLOWED']),
      vendorCode: v.optional(v.string()),
      vendorMessage: v.optional(v.string()),
      count: v.pipe(v.number(), v.integer(), v.minValue(1)),
      until: instant,
      duration: instant,
      verifier,
    }),
  ),
});

/**
 * The last login that failed. `final`: it stands for all who wait; a refresh that nobody waits for fails for itself alone. `pause` is how long the
 * vendor asked to be left alone, and `pauseUntil` when that ends. `id` tells it from every other failure.
 */
const failureEntry = v.object({
  version: v.literal(version),
  code: v.picklist(['VENDOR_ERROR', 'NETWORK', 'TIMEOUT']),
  message: v.string(),
  vendorCode: v.optional(v.string()),
  vendorMessage: v.optional(v.string()),
  vendorStatus: v.optional(v.number()),
  attempts: v.optional(v.number()),
  retryable: v.boolean(),
  final: v.boolean(),
  pause: v.optional(instant),
  pauseUntil: v.optional(instant),
  id: v.string(),
});

type TokenEntry = v.InferOutput<typeof tokenEntry>;
/** Credentials of the account that were refused. */
export type RefusalEntry = v.InferOutput<typeof refusalsEntry>['refusals'][number];
/** The last login of the account that failed, for those who waited for it. */
export type FailureEntry = v.InferOutput<typeof failureEntry>;

export function formatToken(token: Omit<TokenEntry, 'version'>): string {
  return JSON.stringify({ version, ...token });
}

export function formatRefusals(refusals: readonly RefusalEntry[]): string {
  return JSON.stringify({ version, refusals });
}

export function formatFailure(failure: Omit<FailureEntry, 'version' | 'code'> & { code: AuthErrorCode }): string {
  return JSON.stringify({ version, ...failure });
}

/** Undefined where the entry is not one that this version can read. So with the next two. */
export function parseToken(text: string): TokenEntry | undefined {
  return parse(tokenEntry, text);
}

export function parseRefusals(text: string): readonly RefusalEntry[] | undefined {
  return parse(refusalsEntry, text)?.refusals;
}

export function parseFailure(text: string): FailureEntry | undefined {
  return parse(failureEntry, text);
}

function parse<const Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return result.success ? result.output : undefined;
}

/** About ten milliseconds and 4 MiB, off the event loop. */
const cost = { N: 4_096, r: 8, p: 1 };

/** Makes a verifier that holds for one store key only: moved to another one, it fits nothing. */
export async function createVerifier(secret: string, storeKey: string): Promise<Verifier> {
  const salt = randomBytes(16).toString('base64url');
  return { salt, hash: (await derive(secret, salt, storeKey)).toString('base64url') };
}

export async function verifies(secret: string, { salt, hash }: Verifier, storeKey: string): Promise<boolean> {
  const derived = await derive(secret, salt, storeKey);
  const stored = Buffer.from(hash, 'base64url');
  return stored.length === derived.length && timingSafeEqual(stored, derived);
}

function derive(secret: string, salt: string, storeKey: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, JSON.stringify([salt, storeKey]), 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
