import * as v from 'valibot';

import type { AccessTokenInit } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { check, describeIssues } from '../validation.ts';

/** A token as a login or a store brought it. Instants are epoch milliseconds on the vendor's clock. */
export interface FreshToken {
  readonly value: string;
  readonly scheme?: string | undefined;
  readonly issuedAt: number;
  /** Absent = it has no end. */
  readonly expiresAt?: number | undefined;
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
