import type { Dispatcher } from 'undici';

import type { AccessToken, AccessTokenInit } from './access-token.ts';
import type { AuthErrorCode } from './auth-error.ts';

/** Options of {@link TokenProvider.getToken}. */
export interface GetTokenOptions {
  /** Frees this caller only; the login goes on and its result is kept, but without callers it makes no further attempt. */
  signal?: AbortSignal | undefined;
  /** "The vendor rejected this one": it is dropped, but only if it is still the current one. */
  rejected?: AccessToken | undefined;
}

/** The one interface that every provider package returns and every consumer accepts. */
export interface TokenProvider {
  /** The vendor (`"esignon"`). */
  readonly name: string;
  /** Where the vendor's API is (`"https://docs.esignon.net"`): absolute, a path prefix kept, without a slash at the end. */
  readonly baseUrl: string;
  /** Where `authInterceptor` and `createAuthFetch` add the token, and nowhere else; never empty; holds the origin of `baseUrl`. */
  readonly origins: readonly string[];
  /**
   * A token that is good now. Warm, and without `rejected`: waits for no I/O. Otherwise callers share one login.
   *
   * With `rejected`, a token that was still current is dropped and replaced; where the budget for such logins is used up it stays, and
   * the same token comes back: the caller then passes the vendor's rejection on.
   *
   * @throws AuthError with any code but `REPLAY_IMPOSSIBLE`; `ABORTED` if `signal` fired.
   */
  getToken(options?: GetTokenOptions): Promise<AccessToken>;
  /**
   * The warm token, or undefined; synchronous. Inside the refresh window it also starts a refresh that is due; it never starts a first login.
   */
  peekToken(): AccessToken | undefined;
  /** Does this response say that the token was rejected? `'need-body'`: show (more of) its body first. */
  isRejection(probe: ResponseProbe): boolean | 'need-body';
  /**
   * The headers that carry the token, by lower-case name. They are secret: do not log them.
   *
   * @throws AuthError `CONFIG` where the protocol makes headers that cannot be sent.
   */
  requestHeaders(token: AccessToken): Readonly<Record<string, string>>;
  /** How the account stands, for people and dashboards. It makes no login and no refresh, and holds no secret. */
  status(): Promise<TokenStatus>;
  /**
   * Drops the token, refusals and pauses, here and in the store: a login may be made again, whatever happened before. For when somebody has mended
   * what was wrong at the vendor's side.
   */
  forget(): Promise<void>;
}

/** How an account stands. Instants are epoch milliseconds of the local clock. */
export interface TokenStatus {
  /** When the token was issued; absent = there is none. */
  issuedAt?: number;
  /** When it ends; absent = it has no end. */
  expiresAt?: number;
  /** True = the vendor did not tell the end: `fallbackLifetime` is assumed. */
  assumedEnd?: boolean;
  /** When its refresh begins, if somebody asks for a token from then on. */
  refreshAt?: number;
  /** A short keyed hash of the token: the same in events, and in every process. */
  fingerprint?: string;
  /** No login is made until then. */
  pause?: { reason: AuthErrorCode; until: number };
}

/**
 * What `isRejection` looks at. `body` is absent on the first look; after `'need-body'` it is the decompressed text so far, and `'need-body'`
 * again asks for more, up to 16 KiB. A rejection further in is not recognised.
 */
export interface ResponseProbe {
  /** The HTTP status. */
  readonly status: number;
  /** The value of a response header, by its lower-case name. */
  header(name: string): string | undefined;
  /** The decompressed text so far; absent on the first look. */
  readonly body?: string;
  /** Whether `body` is all of it. */
  readonly complete?: boolean;
}

/** What a provider package writes: one vendor's protocol, with no caching, locking or retrying in it. */
export interface VendorProtocol {
  /** The vendor (`"esignon"`). */
  readonly name: string;
  /** Where the vendor's API is: an absolute http(s) URL, with or without a path prefix. */
  readonly baseUrl: string;
  /** Where the token may be sent; it must hold the origin of `baseUrl`. Default: that one alone. */
  readonly origins?: readonly string[];
  /** Which account: no secret; hashed into store keys together with the name and the origins. */
  readonly identity: string | readonly string[];
  /** The password; asked for before each login, and before an entry of a store is read. Leave it out where a login needs none. */
  secret?(context: { signal: AbortSignal }): string | Promise<string>;
  /** One exchange with the vendor. What it throws that is no AuthError becomes `VENDOR_ERROR`. */
  login(context: LoginContext): Promise<AccessTokenInit>;
  /**
   * Does this response say that the token was rejected? Asked with the head first. What it says of a body must follow from the status and the body
   * alone, and `false` must hold however the body goes on: of answers that begin alike not every one is shown.
   */
  isRejection(probe: ResponseProbe): boolean | 'need-body';
  /**
   * The headers that carry a token; names in any case. They may depend on nothing but the token: they are asked for once a token. A `cookie` is added to
   * the caller's. Default: `{ authorization: formatAuthorization(token) }`.
   */
  requestHeaders?(token: AccessToken): Record<string, string>;
}

/** What a login is given. */
export interface LoginContext {
  /** Fires when the attempt has used up its time. */
  signal: AbortSignal;
  /** What the protocol's `secret` returned. */
  secret?: string;
  /** The undici dispatcher for the exchange; absent = the global one. */
  dispatcher?: Dispatcher;
  /** Which attempt this is, from 1. */
  attempt: number;
  /** Epoch milliseconds on the vendor's clock, as well as it is known. */
  now(): number;
  /**
   * Tells the lifecycle what the vendor's clock said, so that a wrong local clock does not spoil the token's end: the answer's `Date` header as
   * it came, and how long the exchange took in milliseconds. `sendLoginRequest` does it by itself.
   */
  reportDate?(date: string | undefined, elapsed: number): void;
}
