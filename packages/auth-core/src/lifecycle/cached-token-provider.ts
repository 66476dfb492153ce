import type { AccessToken } from '../access-token.ts';
import { AuthError, isAuthError } from '../auth-error.ts';
import { type LoginCause, publish } from '../events.ts';
import { type ClockProbe, insideLogin, type ProviderInternals, clockProbe, tokenHeaderNames } from '../provider-internals.ts';
import type { GetTokenOptions, ResponseProbe, TokenProvider, TokenStatus, VendorProtocol } from '../token-provider.ts';
import { type Account, createAccount, type Destination, fingerprint } from './account.ts';
import { aborted, Login } from './login.ts';
import type { ProviderSettings } from './options.ts';
import { Rejections } from './rejections.ts';
import { type CurrentToken, headersOf, toCurrentToken } from './token.ts';
import { TokenSource } from './token-source.ts';

/** Of a protocol that says nothing else. */
const authorizationOnly: readonly string[] = Object.freeze(['authorization']);

/**
 * The state of one provider: the current token, the login under way, and what was rejected.
 *
 * A class, where closures would be simpler, because a process may have thousands: their methods are shared.
 */
export class CachedTokenProvider implements TokenProvider, ProviderInternals {
  readonly name: string;
  readonly baseUrl: string;
  readonly origins: readonly string[];
  readonly #account: Account;
  readonly #source: TokenSource;
  #current: CurrentToken | undefined;
  /** Whether there ever was a token. */
  #hadToken = false;
  #login: Login | undefined;
  /** A search of the store for another process's token, while a rejected one stays in use because the budget is used up. */
  #search: Login | undefined;
  /** Renewals that failed since the last token: how many, and when the next one is due on the monotonic clock. */
  #failedRenewals: { readonly count: number; readonly nextTry: number } | undefined;
  /** The names of the headers of the last token, where the protocol chooses them. */
  #headerNames: readonly string[] | undefined;

  constructor(protocol: VendorProtocol, destination: Destination, settings: ProviderSettings) {
    this.name = protocol.name;
    this.baseUrl = destination.baseUrl;
    this.origins = destination.origins;
    this.#account = createAccount(protocol, destination, settings);
    this.#source = new TokenSource(this.#account);
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    if (!CachedTokenProvider.#isOne(this)) return Promise.reject(detached('getToken'));
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(aborted(signal, this.name));
    if (options?.rejected !== undefined) {
      const search = this.#takeRejection(options.rejected);
      if (search !== undefined) return search.join(signal, this.name);
    }
    const current = this.#warm();
    return current === undefined ? this.#loginToJoin().join(signal, this.name) : current.promise;
  }

  peekToken(): AccessToken | undefined {
    if (!CachedTokenProvider.#isOne(this)) throw detached('peekToken');
    return this.#warm()?.token;
  }

  isRejection(probe: ResponseProbe): boolean | 'need-body' {
    if (!CachedTokenProvider.#isOne(this)) throw detached('isRejection');
    return this.#account.protocol.isRejection(probe);
  }

  requestHeaders(token: AccessToken): Readonly<Record<string, string>> {
    if (!CachedTokenProvider.#isOne(this)) throw detached('requestHeaders');
    const current = this.#current?.token === token ? this.#current : undefined;
    return current?.headers ?? this.#makeHeaders(token, current);
  }

  status(): Promise<TokenStatus> {
    if (!CachedTokenProvider.#isOne(this)) return Promise.reject(detached('status'));
    return new Login<TokenStatus>('first', this.#current, (login) => this.#source.status(login), this.#source.rejections?.values).join(
      undefined,
      this.name,
    );
  }

  forget(): Promise<void> {
    if (!CachedTokenProvider.#isOne(this)) return Promise.reject(detached('forget'));
    const current = this.#current;
    this.#drop();
    this.#failedRenewals = undefined;
    if (this.#login !== undefined) this.#login.isForgotten = true;
    return new Login<void>('first', current, (login) => this.#source.forget(login), this.#source.rejections?.values).join(
      undefined,
      this.name,
    );
  }

  [insideLogin](): boolean {
    return this.#login?.isInside() === true || this.#search?.isInside() === true;
  }

  [tokenHeaderNames](): readonly string[] | undefined {
    return this.#account.protocol.requestHeaders === undefined ? authorizationOnly : this.#headerNames;
  }

  /** False where a method was taken off its provider, or is called through a Proxy. */
  static #isOne(value: unknown): boolean {
    return typeof value === 'object' && value !== null && #account in value;
  }

  /** A token from a store came without the vendor's time; the first answer brings it. One from a cache would bring an old one. */
  [clockProbe](): ClockProbe | undefined {
    const { vendorClock } = this.#account;
    if (vendorClock.synchronised) return undefined;
    const sent = this.#monotonic();
    return (head) => {
      if (head.header('age') === undefined) vendorClock.report(head.header('date'), this.#monotonic() - sent);
    };
  }

  #makeHeaders(token: AccessToken, current: CurrentToken | undefined): Readonly<Record<string, string>> {
    const headers = headersOf(token, this.#account.protocol);
    if (this.#account.protocol.requestHeaders !== undefined) this.#headerNames = Object.keys(headers);
    if (current !== undefined) current.headers = headers;
    return headers;
  }

  /** The current token if it may be used; where its refresh is due, that is started in the background. */
  #warm(): CurrentToken | undefined {
    const current = this.#current;
    if (current === undefined || current.endsAt === Number.POSITIVE_INFINITY) return current;
    const now = this.#account.vendorClock.now();
    if (now >= current.endsAt) return this.#afterEnd(current);
    if (now >= current.refreshAt && this.#login === undefined && this.#isRenewalDue()) this.#startLogin('refresh');
    return current;
  }

  /** An end that is only assumed is when a renewal is due: between the tries that fail, the token stays in use. */
  #afterEnd(current: CurrentToken): CurrentToken | undefined {
    if (current.assumedEnd) return this.#isRenewalDue() ? undefined : current;
    this.#drop();
    return undefined;
  }

  #isRenewalDue(): boolean {
    return this.#failedRenewals === undefined || this.#monotonic() >= this.#failedRenewals.nextTry;
  }

  #drop(): void {
    this.#current = undefined;
    if (this.#login !== undefined) this.#login.replaces = undefined;
  }

  #loginToJoin(): Login {
    const cause = this.#source.rejections?.loginIsOwed === true ? 'rejected' : this.#hadToken ? 'ended' : 'first';
    const login = this.#login;
    return login === undefined || login.waiters.allLeft || login.isForgotten ? this.#startLogin(cause) : login;
  }

  /** Where another login is just being canceled, or was forgotten, this one begins when that has ended. */
  #startLogin(cause: LoginCause): Login {
    const givenUp = this.#login;
    const work = async (login: Login): Promise<AccessToken> => {
      try {
        await givenUp?.promise.catch(() => undefined);
        const current = await this.#obtain(login);
        if (cause === 'refresh') publish('refresh', () => ({ ...this.#account.eventFields, login: login.id, ok: true }));
        return current.token;
      } catch (error) {
        if (login.isForgotten) throw error;
        return this.#keepAfterFailure(login, error).token;
      } finally {
        if (this.#login === login) this.#login = undefined;
      }
    };
    const started = new Login(cause, this.#current, work, this.#source.rejections?.values);
    this.#login = started;
    return started;
  }

  /** A token may end while it is being stored: then another one is due. */
  async #obtain(login: Login): Promise<CurrentToken> {
    for (let tries = 0; tries < 2; tries += 1) {
      const current = toCurrentToken(await this.#source.obtain(login), this.#account);
      if (login.isForgotten) return current;
      this.#setCurrent(current);
      this.#failedRenewals = undefined;
      if (this.#warm() === current) return current;
    }
    const message = `${this.name}: the token had expired before it was returned: check the lifetime and this machine's clock`;
    throw new AuthError({ code: 'TIMEOUT', provider: this.name, retryable: true, message });
  }

  #setCurrent(current: CurrentToken): void {
    this.#current = current;
    this.#hadToken = true;
    this.#source.rejections?.nowInUse(current.token.value);
  }

  /** A login failed. A token whose end is only assumed is returned all the same: the one in use, or else what the store has. */
  #keepAfterFailure(login: Login, error: unknown): CurrentToken {
    const { fallback } = login;
    if (this.#current === undefined && fallback !== undefined && this.#source.rejections?.includes(fallback.value) !== true) {
      this.#setCurrent(toCurrentToken(fallback, this.#account));
    }
    // Only a refresh begins before the end; what a failed login told of the vendor's time must not change that.
    const isPast = login.cause !== 'refresh' || this.#account.vendorClock.now() >= (this.#current?.endsAt ?? 0);
    const kept = this.#current?.assumedEnd === true && isPast ? this.#current : undefined;
    if (login.cause === 'refresh' || kept !== undefined) this.#postponeRenewal(login, error, kept);
    if (kept === undefined) throw error;
    return kept;
  }

  /** The next renewal is not tried for a second, doubling with each failure up to five minutes. */
  #postponeRenewal(login: Login, error: unknown, kept: CurrentToken | undefined): void {
    const count = (this.#failedRenewals?.count ?? 0) + 1;
    const nextTryIn = Math.min(1_000 * 2 ** (count - 1), 300_000);
    this.#failedRenewals = { count, nextTry: this.#monotonic() + nextTryIn };
    const failure = { ...this.#account.eventFields, login: login.id, ...(isAuthError(error) ? { code: error.code } : {}), nextTryIn };
    publish('refresh', () => ({ ...failure, ok: false }));
    if (kept !== undefined) publish('keptPastAssumedEnd', () => ({ ...failure, token: fingerprint(this.#account, kept.token.value) }));
  }

  /** Takes a rejection: the current token is dropped if it is that one and the budget allows the login; otherwise it stays, and only the store is asked. */
  #takeRejection(rejected: AccessToken): Login | undefined {
    const { eventFields, settings } = this.#account;
    const current = this.#current?.token.value === rejected.value ? this.#current : undefined;
    const message = () => ({ ...eventFields, token: fingerprint(this.#account, rejected.value) });
    publish('rejection', () => ({ ...message(), current: current !== undefined }));
    const rejections = (this.#source.rejections ??= new Rejections(settings.rejectionBudget, this.#monotonic()));
    if (current !== undefined && !rejections.allowsLogin(this.#monotonic())) {
      publish('budgetUsedUp', message);
      return settings.store === undefined ? undefined : (this.#search ??= this.#searchStore(current));
    }
    rejections.add(rejected.value);
    if (current === undefined) return undefined;
    rejections.loginIsOwed = true;
    this.#drop();
    return undefined;
  }

  #searchStore(current: CurrentToken): Login {
    return new Login('rejected', current, async (login) => {
      try {
        const found = await this.#source.find(login);
        if (found !== undefined && this.#current === current) this.#setCurrent(toCurrentToken(found, this.#account));
      } catch {
        // Nothing was found; the rejected token stays, and its rejection reaches the caller as the vendor sent it.
      } finally {
        this.#search = undefined;
      }
      return this.#warm()?.token ?? this.getToken();
    });
  }

  #monotonic(): number {
    return this.#account.settings.clock.monotonic();
  }
}

/** The error of a method that was taken off its provider, or called through a Proxy around it. */
function detached(method: string): AuthError {
  const message = `auth-core: ${method} was called without its provider: write provider.${method}(…), or bind it, also in a Proxy`;
  return new AuthError({ code: 'CONFIG', provider: 'auth-core', message });
}
