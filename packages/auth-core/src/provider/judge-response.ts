import type * as v from 'valibot';

import { AuthError, type AuthErrorCode } from '../auth-error.ts';
import { cleanVendorText } from '../hide-secrets.ts';
import { check, describeIssues } from '../validation.ts';
import type { LoginResponse } from './login-response.ts';

/**
 * Parses the body of a login response as JSON and checks it with a valibot schema.
 *
 * @throws AuthError `BAD_RESPONSE` that names every wrong field and what was expected, and quotes no value: a login response may hold the token, or
 * repeat the password.
 */
export function parseLoginResponse<const Schema extends v.GenericSchema>(
  schema: Schema,
  response: LoginResponse,
  provider: string,
): v.InferOutput<Schema> {
  const body = parseJson(response.text);
  const result = body === undefined ? undefined : check(schema, body.value);
  if (result?.success === true) return result.output;
  throw new AuthError({
    code: 'BAD_RESPONSE',
    provider,
    vendorStatus: response.status,
    message: `${provider}: ${response.request ?? 'the login'} returned HTTP ${response.status}, ${problemOf(response, result?.issues)}`,
  });
}

/** Where no vendor's API answered (a web page, a failure), the base URL is the likely mistake. */
function problemOf({ status }: LoginResponse, issues: readonly v.BaseIssue<unknown>[] | undefined): string {
  if (issues === undefined) return 'not JSON: check baseUrl';
  return `with JSON that the vendor does not document: ${describeIssues(issues)}${status >= 200 && status < 300 ? '' : ' (check baseUrl)'}`;
}

/** The parsed text; undefined if it is not JSON. The parser's own error quotes the text, so it must not become a `cause`. */
function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Options of {@link vendorError}. */
export interface VendorErrorInit {
  /** The provider's name. */
  readonly provider: string;
  /** The kind of failure. */
  readonly code: AuthErrorCode;
  /** What happened and what the reader can do about it, without the provider's name. Secrets are removed here, too. */
  readonly message: string;
  /** The vendor's own error code. */
  readonly vendorCode?: string | undefined;
  /** The vendor's own error message as received. Secrets are removed here. */
  readonly vendorMessage?: string | undefined;
  /** The values to remove from the vendor's texts: the password, and the token if the response holds one. */
  readonly secrets: readonly string[];
}

/**
 * The {@link AuthError} for a login response that reports a failure, with the vendor's code and message, secrets removed. It is `retryable` if the code is
 * `VENDOR_ERROR` and the status 429 or 5xx.
 */
export function vendorError(response: LoginResponse, init: VendorErrorInit): AuthError {
  const { status, retryAfter } = response;
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : cleanVendorText(text, init.secrets));
  const vendorMessage = clean(init.vendorMessage);
  const pause = retryAfter === undefined || retryAfter === 0 ? '' : `; the vendor asks for a pause of ${Math.ceil(retryAfter / 1_000)} s`;
  const quote = vendorMessage === undefined || vendorMessage === '' ? '' : `; the vendor says: ${vendorMessage}`;
  return new AuthError({
    code: init.code,
    provider: init.provider,
    message: `${init.provider}: ${cleanVendorText(init.message, init.secrets)}${pause}${quote}`,
    retryable: init.code === 'VENDOR_ERROR' && isTransientStatus(status),
    vendorStatus: status,
    vendorCode: clean(init.vendorCode),
    vendorMessage,
    retryAfter,
  });
}

/** Whether an HTTP status reports a temporary failure: 429 (RFC 6585, section 4) or 5xx (RFC 9110, section 15.6). */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status >= 500;
}
