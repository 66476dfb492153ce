import { AuthError, type AuthErrorInit } from './auth-error.ts';

/** What a vendor said of a failure, as far as it may be shown. */
export interface VendorWords {
  readonly vendorCode?: string | undefined;
  readonly vendorMessage?: string | undefined;
  /** Milliseconds until the vendor wants to be asked again; or those of `cooldown`, which counts in its place. */
  readonly retryAfter?: number | undefined;
  readonly isCooldown?: boolean;
  /** Whether it said more, which repeats a secret. */
  readonly isLeftOut: boolean;
}

/** Where an error keeps apart what its message is made of. Registered globally, so that it works across duplicate installs. */
const parts: unique symbol = Symbol.for('@x/auth-core/failureMessage');

interface Parts {
  readonly own: string;
  readonly isLeftOut: boolean;
}

/** An AuthError as what another one can be made of; `message` and `cause` are not copied with its other fields. */
export type ToldError = AuthErrorInit & { readonly [parts]?: Parts };

/**
 * An error whose message is a sentence of our own, with the vendor's words behind it. Our own words are never hidden, whatever the password is: a mask in
 * a known text would tell it. The vendor's are kept whole or left out whole, and may be judged once more by somebody who knows more secrets.
 */
export function errorInOwnWords(init: AuthErrorInit, words: VendorWords = { isLeftOut: false }): AuthError {
  const { vendorCode, vendorMessage, retryAfter, isLeftOut } = words;
  const message = init.message + tailOf(words);
  const error = new AuthError({ ...init, message, vendorCode, vendorMessage, retryAfter });
  const value: Parts = { own: init.message, isLeftOut };
  return Object.defineProperty(error, parts, { value });
}

/** The error of refused credentials with the pause that holds, in place of the one that the vendor asked for. */
export function withCooldown(error: ToldError, retryAfter: number): AuthError {
  const { own, isLeftOut } = ownWordsOf(error) ?? { own: error.message, isLeftOut: false };
  return errorInOwnWords({ ...error, message: own, cause: error.cause }, { ...error, retryAfter, isCooldown: true, isLeftOut });
}

/** What is our own in an error's message; undefined where it was put together by somebody else. */
export function ownWordsOf(error: ToldError): Parts | undefined {
  return error[parts];
}

function tailOf({ vendorCode, vendorMessage, retryAfter = 0, isCooldown, isLeftOut }: VendorWords): string {
  const code = vendorCode === undefined ? '' : ` (vendor code ${vendorCode})`;
  const whose = isCooldown === true ? 'not tried again for' : 'the vendor asks for a pause of';
  const pause = retryAfter === 0 ? '' : `; ${whose} ${Math.ceil(retryAfter / 1_000)} s`;
  const quote = vendorMessage === undefined ? '' : `; the vendor says: ${vendorMessage}`;
  return `${code}${pause}${quote}${isLeftOut ? "; the vendor's own words are left out: they repeat a secret" : ''}`;
}
