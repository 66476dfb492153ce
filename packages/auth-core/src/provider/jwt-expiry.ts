import * as v from 'valibot';

/** The greatest instant that a `Date` can hold, in epoch seconds. */
const lastSecond = 8_640_000_000_000;

const claimsSchema = v.pipe(v.string(), v.parseJson(), v.object({ exp: v.pipe(v.number(), v.minValue(0), v.maxValue(lastSecond)) }));

/**
 * When a JSON Web Token ends, by its claim `exp` (RFC 7519, section 4.1.4), in epoch milliseconds; `'unknown'` for anything else: a text that is no JWT, an
 * encrypted one, one without `exp`. The signature is not checked: the vendor does that. Never throws.
 */
export function jwtExpiry(token: string): number | 'unknown' {
  const parts = typeof token === 'string' ? token.split('.', 4) : [];
  if (parts.length !== 3) return 'unknown';
  const claims = v.safeParse(claimsSchema, Buffer.from(parts[1] ?? '', 'base64url').toString());
  return claims.success ? Math.floor(claims.output.exp * 1_000) : 'unknown';
}
