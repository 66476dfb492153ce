import type { AuthErrorCode } from '@x/auth-core';

import type { Answer } from './answer.ts';
import type { Vendor, VendorName } from './vendors.ts';

/** What a server does on a connection, one after the other. After the last step the connection stays open. */
export type Step =
  | { readonly send: string | Buffer }
  | { readonly wait: number }
  /** Sends the same again and again until the client is gone, with so many milliseconds in between. */
  | { readonly pour: string; readonly every: number }
  | { readonly end: 'close' | 'reset' | 'hang' };

/** What a faulty server knows of the exchange that it disturbs. */
export interface Exchange {
  readonly vendor: Vendor;
  readonly isLogin: boolean;
  /** What the vendor would have answered. */
  readonly good: Answer;
  /** The password of the account. */
  readonly password: string;
  /** The token that the request carried, or that the answer to a login brings. */
  readonly token: string;
  /** The token that the latest request carried. */
  readonly older: string;
  /** The origin that the request went to. */
  readonly origin: string;
  /** Another origin, which must never see a secret. */
  readonly elsewhere: string;
}

/** What a login comes to. */
export type LoginExpectation =
  | { readonly works: true; readonly exchanges: number }
  | {
      readonly code: AuthErrorCode;
      readonly exchanges: number;
      readonly vendorStatus?: number;
      /** Milliseconds; the vendor asked for a pause. */
      readonly retryAfter?: number;
      /** The vendor's words repeat a secret. */
      readonly saysNothing?: true;
    };

/** What the caller of a request gets: what the client gives without our packages; or the answer to a second request with a new token. */
type CallExpectation = 'unchanged' | 'renewed';

/** The same for both vendors, or what each of them documents. */
export type PerVendor<T> = T | Readonly<Record<VendorName, T>>;

/** One way in which a server fails. */
export interface Fault {
  readonly name: string;
  readonly answer: (exchange: Exchange) => readonly Step[];
  /** Several, where neither the vendor's documents nor HTTP say which. */
  readonly login: PerVendor<LoginExpectation> | readonly LoginExpectation[];
  readonly call: PerVendor<CallExpectation>;
  /** It is the patience of the login, of the caller of a request, or of both that ends it: that is short, then. */
  readonly slow?: 'login' | 'request' | 'both';
  /** Whether the client's limit or somebody's patience ends it first is the machine's affair: a request fails by either. */
  readonly endsByEither?: true;
  /** A request gets it again and again; otherwise the first one only. A login always does. */
  readonly always?: true;
}

export function forVendor<T extends object | string>(expected: PerVendor<T>, vendor: VendorName): T {
  return typeof expected === 'object' && vendor in expected ? (expected as Readonly<Record<VendorName, T>>)[vendor] : (expected as T);
}

/** How many further attempts a login makes: what is retryable costs two exchanges. */
export const retries = 1;

export const works: LoginExpectation = { works: true, exchanges: 1 };
/** The vendor does not take the credentials: they are sent once. */
export const refused: LoginExpectation = { code: 'INVALID_CREDENTIALS', exchanges: 1 };
export const notAllowed: LoginExpectation = { code: 'NOT_ALLOWED', exchanges: 1 };
/** The vendor says that it failed, and that another attempt is of no use. */
export const failed: LoginExpectation = { code: 'VENDOR_ERROR', exchanges: 1 };
/** The vendor says that it failed for now. */
export const unavailable: LoginExpectation = { code: 'VENDOR_ERROR', exchanges: 1 + retries };
/** What came is not what the vendor documents. */
export const undocumented: LoginExpectation = { code: 'BAD_RESPONSE', exchanges: 1 };
export const broken: LoginExpectation = { code: 'NETWORK', exchanges: 1 + retries };
export const late: LoginExpectation = { code: 'TIMEOUT', exchanges: 1 + retries };

export const close: Step = { end: 'close' };
export const reset: Step = { end: 'reset' };
export const hang: Step = { end: 'hang' };
export function send(bytes: string | Buffer): Step {
  return { send: bytes };
}
