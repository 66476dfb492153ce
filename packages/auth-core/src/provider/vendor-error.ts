import { AuthError, type AuthErrorCode } from '../auth-error.ts';
import { cleanVendorText } from '../redact.ts';
import type { LoginResponse } from './login-exchange.ts';

/** What a provider says of a refused login. */
export interface VendorErrorInit {
  /** The provider's name. */
  readonly provider: string;
  /** What kind of failure it is. */
  readonly code: AuthErrorCode;
  /** What it means and what to do, for a person. */
  readonly message: string;
  /** The vendor's own code for it. */
  readonly vendorCode?: string | undefined;
  /** The vendor's own words, as they came: they are scrubbed here. */
  readonly vendorMessage?: string | undefined;
  /** What must not show up: the password, and a token if the answer holds one. */
  readonly secrets: readonly string[];
}

/** An answer that says no, as an {@link AuthError} with the vendor's scrubbed words. `VENDOR_ERROR` with status 429 or 5xx is worth another try. */
export function vendorError(response: LoginResponse, init: VendorErrorInit): AuthError {
  const said = init.vendorMessage === undefined ? undefined : cleanVendorText(init.vendorMessage, init.secrets);
  const vendorCode = init.vendorCode === undefined ? undefined : cleanVendorText(init.vendorCode, init.secrets);
  const quote = said === undefined || said === '' ? '' : `; the vendor says: ${said}`;
  const pause =
    response.retryAfter === undefined || response.retryAfter === 0
      ? ''
      : `, and asks to be left alone for ${Math.ceil(response.retryAfter / 1_000)} s`;
  return new AuthError({
    code: init.code,
    provider: init.provider,
    message: `${init.provider}: ${init.message}${pause}${quote}`,
    retryable: init.code === 'VENDOR_ERROR' && isTransientStatus(response.status),
    status: response.status,
    vendorCode,
    vendorMessage: said,
    retryAfter: response.retryAfter,
  });
}

/** RFC 6585, section 4, and RFC 9110, section 15.6: the server's trouble, not the request's. */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status >= 500;
}
