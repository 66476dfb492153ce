import * as v from 'valibot';

import type { AuthErrorCode } from '../auth-error.ts';
import type { FreshToken } from './fresh-token.ts';
import type { Refusal } from './credential-refusals.ts';
import type { SecretVerifier } from './secret-verifier.ts';

/** What rests in a store for an account: its token. Instants are the vendor's time. */
export interface StoredToken extends FreshToken {
  readonly verifier: SecretVerifier;
}

/** What rests in a store for an account: credentials that were refused, newest last. */
export interface StoredRefusal extends Refusal {
  /** When the cool-down ends, in the vendor's time. */
  readonly until: number;
  /** How long it was at first, in milliseconds: to a reader whose clock is wrong it is never longer. */
  readonly duration: number;
  readonly verifier: SecretVerifier;
}

/** What rests in a store for an account: the last login that failed, for those who waited for it. */
export interface StoredFailure {
  readonly code: AuthErrorCode;
  readonly message: string;
  readonly vendorCode?: string | undefined;
  readonly vendorMessage?: string | undefined;
  readonly status?: number | undefined;
  readonly attempts?: number | undefined;
  readonly retryable: boolean;
  /** Whether it stands for all who wait; a refresh that nobody waits for fails for itself alone. */
  readonly final: boolean;
  /** How long the vendor asked to be left alone, in milliseconds, and when that ends, in the vendor's time. */
  readonly pause?: number | undefined;
  readonly pauseUntil?: number | undefined;
  /** Tells it from every other failure. */
  readonly id: string;
}

const verifier = v.object({ salt: v.string(), hash: v.string() });
const instant = v.pipe(v.number(), v.finite());

const tokenEntry = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    version: v.literal(1),
    value: v.pipe(v.string(), v.minLength(1)),
    scheme: v.optional(v.string()),
    issuedAt: instant,
    expiresAt: v.optional(instant),
    verifier,
  }),
);

const refusalsEntry = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    version: v.literal(1),
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
  }),
);

const failureEntry = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    version: v.literal(1),
    code: v.picklist(['VENDOR_ERROR', 'NETWORK', 'TIMEOUT']),
    message: v.string(),
    vendorCode: v.optional(v.string()),
    vendorMessage: v.optional(v.string()),
    status: v.optional(v.number()),
    attempts: v.optional(v.number()),
    retryable: v.boolean(),
    final: v.boolean(),
    pause: v.optional(instant),
    pauseUntil: v.optional(instant),
    id: v.string(),
  }),
);

export function formatTokenEntry(token: StoredToken): string {
  return JSON.stringify({ version: 1, ...token });
}

/** Undefined where the entry is not one that this version can read. */
export function parseTokenEntry(text: string): StoredToken | undefined {
  const result = v.safeParse(tokenEntry, text);
  return result.success ? result.output : undefined;
}

export function formatRefusalsEntry(refusals: readonly StoredRefusal[]): string {
  return JSON.stringify({ version: 1, refusals });
}

/** Undefined where the entry is not one that this version can read. */
export function parseRefusalsEntry(text: string): readonly StoredRefusal[] | undefined {
  const result = v.safeParse(refusalsEntry, text);
  return result.success ? result.output.refusals : undefined;
}

export function formatFailureEntry(failure: StoredFailure): string {
  return JSON.stringify({ version: 1, ...failure });
}

/** Undefined where the entry is not one that this version can read. */
export function parseFailureEntry(text: string): StoredFailure | undefined {
  const result = v.safeParse(failureEntry, text);
  return result.success ? result.output : undefined;
}
