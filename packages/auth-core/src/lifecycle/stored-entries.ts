import * as v from 'valibot';

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
  readonly verifier: SecretVerifier;
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
        verifier,
      }),
    ),
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
