import * as v from 'valibot';

import { type AccessToken, type AccessTokenInit, createAccessToken, formatAuthorization } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { errorInOwnWords } from '../failure-message.ts';
import { check, describeIssues } from '../validation.ts';
import type { VendorProtocol } from '../token-provider.ts';
import type { Account } from './account.ts';

/** The token in use, ready to be returned. Its instants are the vendor's time; infinite where it has no end. */
export interface CurrentToken {
  readonly token: AccessToken;
  /** What every warm caller gets: made once. */
  readonly promise: Promise<AccessToken>;
  readonly endsAt: number;
  readonly refreshAt: number;
  readonly assumedEnd: boolean;
  /** The headers that carry it, once they were asked for. */
  headers?: Readonly<Record<string, string>>;
}

/** RFC 9110, section 5.5: what a field value may hold. Anything else would fail later, in a client's error that may quote it. */
const fieldValue = /^[\x21-\x7e\x80-\xff]+(?:[ \t]+[\x21-\x7e\x80-\xff]+)*$/;
/** RFC 9110, section 5.6.2. */
const fieldName = /^[\w!#$%&'*+.^`|~-]+$/;

const tokenValue = v.pipe(v.string(), v.regex(fieldValue, 'expected characters that a header can carry'));

const tokenEntries = {
  value: tokenValue,
  scheme: v.optional(v.pipe(v.string(), v.regex(fieldName, 'expected an authentication scheme'))),
  extra: v.optional(v.record(v.string(), v.string())),
};

/** The last instant that a `Date` can hold. */
const lastInstant = 8.64e15;
const instant = v.pipe(v.number(), v.minValue(0), v.maxValue(lastInstant));

/** The valibot schema of a {@link VendorToken}: what a login can have brought. */
export const vendorTokenSchema = v.object({
  ...tokenEntries,
  issuedAt: instant,
  expiresAt: v.optional(instant),
  assumedEnd: v.optional(v.boolean()),
});

/**
 * A token as a login or a store brought it. Instants are epoch milliseconds on the vendor's clock; without `expiresAt` it has no end. `assumedEnd`: the vendor
 * did not tell the end; the token is renewed then, but stays in use while that fails.
 */
export type VendorToken = v.InferOutput<typeof vendorTokenSchema>;

/** An instant before 1970 is one that is past. */
function isInstant(value: unknown): boolean {
  return typeof value === 'number' && value <= lastInstant && Number.isFinite(value);
}

const initSchema = v.object({
  ...tokenEntries,
  expiresAt: v.optional(
    v.custom<number | 'unknown'>((value) => value === 'unknown' || isInstant(value), 'expected an instant that a Date can hold'),
  ),
});

/**
 * Checks what a protocol's login returned.
 *
 * @throws AuthError `BAD_RESPONSE` where it cannot be used as a token; the value is not quoted.
 */
export function checkTokenInit(init: unknown, provider: string): AccessTokenInit {
  const result = check(initSchema, init);
  if (result.success) return result.output as AccessTokenInit; // its optional fields are absent, never undefined: the schema adds none
  throw errorInOwnWords({
    code: 'BAD_RESPONSE',
    provider,
    message: `${provider}: the login brought no usable token (a bug in the provider?): ${describeIssues(result.issues)}`,
  });
}

/** Makes a vendor's token the one in use: its instants on the local clock, and when its refresh begins. */
export function toCurrentToken(vendorToken: VendorToken, { vendorClock, settings }: Account): CurrentToken {
  const { value, scheme, extra, issuedAt, expiresAt, assumedEnd = false } = vendorToken;
  const token = createAccessToken({
    value,
    scheme,
    extra,
    issuedAt: vendorClock.toLocal(issuedAt),
    expiresAt: expiresAt === undefined ? undefined : vendorClock.toLocal(expiresAt),
  });
  const promise = Promise.resolve(token);
  if (expiresAt === undefined) return { token, promise, endsAt: Number.POSITIVE_INFINITY, refreshAt: Number.POSITIVE_INFINITY, assumedEnd };
  const window = refreshWindow(expiresAt - issuedAt, settings.refreshBefore, settings.random());
  return { token, promise, endsAt: expiresAt, refreshAt: expiresAt - window, assumedEnd };
}

/** Headers that say how the request itself travels, or that no client lets through. */
const forbiddenNames = ['connection', 'content-length', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * The headers that carry a token, by lower-case name.
 *
 * @throws AuthError `CONFIG` where the protocol makes none, or some that cannot be sent. No value is quoted.
 */
export function headersOf(token: AccessToken, protocol: VendorProtocol): Readonly<Record<string, string>> {
  if (protocol.requestHeaders === undefined) return Object.freeze({ authorization: formatAuthorization(token) });
  const given: unknown = protocol.requestHeaders(token);
  const headers = Object.entries(Object(given)).map(([name, value]) => [name.toLowerCase(), value] as const);
  const wrong = headers.filter(([name, value]) => !fieldName.test(name) || forbiddenNames.includes(name) || !isFieldValue(value));
  if (headers.length === 0 || wrong.length > 0) {
    const what = headers.length === 0 ? 'expected at least one header' : `cannot be sent: ${wrong.map(([name]) => name).join(', ')}`;
    throw new AuthError({ code: 'CONFIG', provider: protocol.name, message: `${protocol.name}: requestHeaders of the protocol: ${what}` });
  }
  return Object.freeze(Object.fromEntries(headers) as Record<string, string>); // checked one by one above
}

function isFieldValue(value: unknown): boolean {
  return typeof value === 'string' && fieldValue.test(value);
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
