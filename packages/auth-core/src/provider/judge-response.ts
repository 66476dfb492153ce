import type * as v from 'valibot';

import type { AuthError, AuthErrorCode } from '../auth-error.ts';
import { errorInOwnWords } from '../failure-message.ts';
import { foreignText, repeatsSecret } from '../secret-texts.ts';
import { check, describeIssues } from '../validation.ts';
import type { LoginResponse } from './send-login-request.ts';

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
  const { status, request = 'the login' } = response;
  const body = parseJson(response.text);
  const result = body === undefined ? undefined : check(schema, body.value);
  if (result?.success === true) return result.output;
  throw errorInOwnWords({
    code: 'BAD_RESPONSE',
    provider,
    vendorStatus: status,
    message: `${provider}: ${request} returned HTTP ${status}, ${problemOf(status, result?.issues)}`,
  });
}

/** Where no vendor's API answered (a web page, a failure), the base URL is the likely mistake. */
function problemOf(status: number, issues: readonly v.BaseIssue<unknown>[] | undefined): string {
  if (issues === undefined) return 'not JSON: check baseUrl';
  const advice = status >= 200 && status < 300 ? 'did the API change?' : 'check baseUrl';
  return `with JSON that is not as documented: ${describeIssues(issues)} (${advice})`;
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
  /**
   * What happened and what the reader can do about it: a sentence of your own, with nothing in it that the vendor sent. The provider's name, the request and
   * the status stand before it.
   */
  readonly message: string;
  /** The vendor's own error code, as received. */
  readonly vendorCode?: string | undefined;
  /** The codes that the vendor documents: they are shown as they are, also where a password is the same. */
  readonly documentedCodes?: readonly string[] | undefined;
  /** The vendor's own error message, as received. It is left out whole if it repeats a secret. */
  readonly vendorMessage?: string | undefined;
  /** What the vendor's texts must not repeat: the password, and the token if the response holds one. */
  readonly secrets: readonly string[];
}

/**
 * The {@link AuthError} for a login response that reports a failure: your sentence, with the vendor's code and words behind it as far as they repeat no secret.
 * It is `retryable` if the code is `VENDOR_ERROR` and the status 429 or 5xx.
 */
export function vendorError(response: LoginResponse, init: VendorErrorInit): AuthError {
  const { status, retryAfter, request = 'the login' } = response;
  const { code, provider, secrets } = init;
  const isDocumented = init.vendorCode !== undefined && init.documentedCodes?.includes(init.vendorCode) === true;
  const vendorCode = isDocumented ? init.vendorCode : foreignText(init.vendorCode, secrets);
  const vendorMessage = foreignText(init.vendorMessage, secrets);
  const isLeftOut = repeats(init.vendorMessage, secrets) || (!isDocumented && repeats(init.vendorCode, secrets));
  const message = `${provider}: ${request} returned status ${status}: ${init.message}`;
  const retryable = code === 'VENDOR_ERROR' && isTransientStatus(status);
  return errorInOwnWords(
    { code, provider, message, retryable, vendorStatus: status },
    { vendorCode, vendorMessage, retryAfter, isLeftOut },
  );
}

function repeats(text: string | undefined, secrets: readonly string[]): boolean {
  return text !== undefined && repeatsSecret(text, secrets);
}

/** Whether an HTTP status reports a temporary failure: 429 (RFC 6585, section 4) or 5xx (RFC 9110, section 15.6). */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status >= 500;
}
