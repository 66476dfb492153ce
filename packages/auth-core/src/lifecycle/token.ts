import * as v from 'valibot';

import { type AccessToken, type AccessTokenInit, createAccessToken } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { check, describeIssues } from '../validation.ts';
import type { Account } from './account.ts';

/** A token as a login or a store brought it. Instants are epoch milliseconds on the vendor's clock. */
export interface VendorToken {
  readonly value: string;
  readonly scheme?: string | undefined;
  readonly issuedAt: number;
  /** Absent = it has no end. */
  readonly expiresAt?: number | undefined;
}

/** The token in use, ready to be handed out. Its instants are the vendor's time; infinite where it has no end. */
export interface CurrentToken {
  readonly token: AccessToken;
  /** What every warm caller gets: made once. */
  readonly promise: Promise<AccessToken>;
  readonly endsAt: number;
  readonly refreshAt: number;
}

/** RFC 9110, section 5.5: what a field value may hold. Anything else would fail later, in a client's error that may quote it. */
const tokenValue = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e\x80-\xff]+(?:[ \t]+[\x21-\x7e\x80-\xff]+)*$/, 'expected characters that a header can carry'),
);

const initSchema = v.object({
  value: tokenValue,
  scheme: v.optional(v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected an authentication scheme'))),
  expiresAt: v.optional(v.union([v.pipe(v.number(), v.finite('expected an instant')), v.literal('unknown')])),
});

/**
 * Checks what a protocol's login returned.
 *
 * @throws AuthError `BAD_RESPONSE` where it cannot be used as a token; the value is not quoted.
 */
export function checkTokenInit(init: unknown, provider: string): AccessTokenInit {
  const result = check(initSchema, init);
  if (result.success) return result.output as AccessTokenInit; // its optional fields are absent, never undefined: the schema adds none
  throw new AuthError({
    code: 'BAD_RESPONSE',
    provider,
    message: `${provider}: the login brought no usable token: ${describeIssues(result.issues)}`,
  });
}

/** Makes a vendor's token the one in use: its instants on the local clock, and when its refresh begins. */
export function toCurrentToken(vendorToken: VendorToken, { vendorClock, settings }: Account): CurrentToken {
  const { value, scheme, issuedAt, expiresAt } = vendorToken;
  const token = createAccessToken({
    value,
    scheme,
    issuedAt: vendorClock.toLocal(issuedAt),
    expiresAt: expiresAt === undefined ? undefined : vendorClock.toLocal(expiresAt),
  });
  const promise = Promise.resolve(token);
  if (expiresAt === undefined) return { token, promise, endsAt: Number.POSITIVE_INFINITY, refreshAt: Number.POSITIVE_INFINITY };
  const window = refreshWindow(expiresAt - issuedAt, settings.refreshBefore, settings.random());
  return { token, promise, endsAt: expiresAt, refreshAt: expiresAt - window };
}

const day = 86_400_000;

/**
 * How many milliseconds before its end a token is refreshed. Default: a tenth of the lifetime, at most a day; a wish not below the lifetime counts as
 * half of it; 0 = never ahead. Jitter of up to a fifth only makes it longer, so that a fleet does not refresh in step, and leaves at least half of what
 * comes before the window: a jittered window that took the whole lifetime would refresh every token at once. `random` is from [0, 1).
 */
function refreshWindow(lifetime: number, refreshBefore: number | undefined, random: number): number {
  const wish = refreshBefore ?? Math.min(lifetime / 10, day);
  const window = wish >= lifetime ? lifetime / 2 : wish;
  return window + random * Math.min(window / 5, (lifetime - window) / 2);
}
