import type { AccessToken } from '../access-token.ts';
import { AuthError, isAuthError } from '../auth-error.ts';
import { type LoginCause, publish } from '../events.ts';
import { insideLogin, type LoginAware } from '../login-scope.ts';
import type { GetTokenOptions, ResponseProbe, TokenProvider, VendorProtocol } from '../token-provider.ts';
import { type Account, createAccount, fingerprint } from './account.ts';
import { aborted, Login } from './login.ts';
import type { ProviderSettings } from './options.ts';
import { Rejections } from './rejections.ts';
import { type CurrentToken, toCurrentToken } from './token.ts';
import { TokenSource } from './token-source.ts';

/**
 * The state of one provider: the current token, the login under way, and what was rejected.
 *
 * A class, where closures would read simpler, because thousands live side by side: their methods are shared.
 */
class CachedTokenProvider implements TokenProvider, LoginAware {
  readonly name: string;
  readonly origins: readonly string[];
  readonly #account: Account;
  readonly #source: TokenSource;
  #current: CurrentToken | undefined;
  /** Whether there ever was a token. */
  #hadToken = false;
  #login: Login | undefined;
  /** A search of the store for another process's token, while a rejected one stays in use because the budget is used up. */
  #search: Login | undefined;
  /** Refreshes that failed since the last token: how many, and when the next one is due on the monotonic clock. */
  #failedRefreshes: { readonly count: number; readonly nextTry: number } | undefined;

  constructor(protocol: VendorProtocol, settings: ProviderSettings) {
    this.name = protocol.name;
    this.origins = Object.freeze([...protocol.origins]);
    this.#account = createAccount(protocol, settings);
    this.#source = new TokenSource(this.#account);
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(aborted(signal, this.name));
    if (options?.rejected !== undefined) {
      const search = this.#reject(options.rejected);
      if (search !== undefined) return search.join(signal, this.name);
    }
    const current = this.#warm();
    return current === undefined ? this.#loginToJoin().join(signal, this.name) : current.promise;
  }

  peekToken(): AccessToken | undefined {
    return this.#warm()?.token;
  }

  isRejection(probe: ResponseProbe): boolean | 'need-body' {
    const { protocol, vendorClock } = this.#account;
    if (!vendorClock.synchronised && (probe.body === undefined || probe.complete === true)) this.#readVendorTime(probe);
    return protocol.isRejection(probe);
  }

  [insideLogin](): boolean {
    return this.#login?.isInside() === true || this.#search?.isInside() === true;
  }

  /** A token from a store came without the vendor's time; the first answer brings it. One from a cache would bring an old one. */
  #readVendorTime(probe: ResponseProbe): void {
    const date = probe.header('date');
    if (date !== undefined && probe.header('age') === undefined) this.#account.vendorClock.report(date, 0);
  }

  /** The current token if it has not ended; where its refresh is due, that is started in the background. */
  #warm(): CurrentToken | undefined {
    const current = this.#current;
    if (current === undefined || current.endsAt === Number.POSITIVE_INFINITY) return current;
    const now = this.#account.vendorClock.now();
    if (now >= current.endsAt) {
      this.#drop();
      return undefined;
    }
    if (now >= current.refreshAt && this.#login === undefined && this.#mayRefresh()) this.#startLogin('refresh');
    return current;
  }

  #mayRefresh(): boolean {
    return this.#failedRefreshes === undefined || this.#monotonic() >= this.#failedRefreshes.nextTry;
  }

  #drop(): void {
    this.#current = undefined;
    if (this.#login !== undefined) this.#login.replaces = undefined;
  }

  #loginToJoin(): Login {
    const cause = this.#source.rejections?.isOwed === true ? 'rejected' : this.#hadToken ? 'ended' : 'first';
    const login = this.#login;
    return login === undefined || login.waiters.allLeft ? this.#startLogin(cause) : login;
  }

  /** Where another login is just being given up, this one begins when that has ended. */
  #startLogin(cause: LoginCause): Login {
    const givenUp = this.#login;
    const started = new Login(cause, this.#current, async (login) => {
      try {
        await givenUp?.promise.catch(() => undefined);
        const current = await this.#obtain(login);
        if (cause === 'refresh') publish('refresh', () => ({ ...this.#account.sender, ok: true }));
        return current.token;
      } catch (error) {
        if (cause === 'refresh') this.#postponeRefresh(error);
        throw error;
      } finally {
        if (this.#login === login) this.#login = undefined;
      }
    });
    this.#login = started;
    return started;
  }

  /** A token may end on its way, while it is being stored: then another one is due. */
  async #obtain(login: Login): Promise<CurrentToken> {
    for (let tries = 0; tries < 2; tries += 1) {
      this.#use(toCurrentToken(await this.#source.obtain(login), this.#account));
      const current = this.#warm();
      if (current !== undefined) return current;
    }
    const message = `${this.name}: the vendor's tokens end before they can be handed out`;
    throw new AuthError({ code: 'TIMEOUT', provider: this.name, retryable: true, message });
  }

  #use(current: CurrentToken): void {
    this.#current = current;
    this.#hadToken = true;
    this.#source.rejections?.replacedBy(current.token.value);
    this.#failedRefreshes = undefined;
  }

  /** The next refresh is not tried for a second, doubling with each failure up to five minutes. */
  #postponeRefresh(error: unknown): void {
    const count = (this.#failedRefreshes?.count ?? 0) + 1;
    const nextTryIn = Math.min(1_000 * 2 ** (count - 1), 300_000);
    this.#failedRefreshes = { count, nextTry: this.#monotonic() + nextTryIn };
    const code = isAuthError(error) ? { code: error.code } : {};
    publish('refresh', () => ({ ...this.#account.sender, ok: false, ...code, nextTryIn }));
  }

  /** Takes a rejection: the current token is dropped if it is that one and the budget allows the login; otherwise it stays, and only the store is asked. */
  #reject(rejected: AccessToken): Login | undefined {
    const { sender, settings } = this.#account;
    const current = this.#current?.token.value === rejected.value ? this.#current : undefined;
    const message = () => ({ ...sender, token: fingerprint(this.#account, rejected.value) });
    publish('rejection', () => ({ ...message(), current: current !== undefined }));
    const rejections = (this.#source.rejections ??= new Rejections(settings.rejectionBudget, this.#monotonic()));
    if (current !== undefined && !rejections.allowsLogin(this.#monotonic())) {
      publish('budgetUsedUp', message);
      return settings.store === undefined ? undefined : (this.#search ??= this.#searchStore(current));
    }
    rejections.add(rejected.value);
    if (current === undefined) return undefined;
    rejections.isOwed = true;
    this.#drop();
    return undefined;
  }

  #searchStore(current: CurrentToken): Login {
    return new Login('rejected', current, async (login) => {
      try {
        const found = await this.#source.find(login);
        if (found !== undefined && this.#current === current) {
          this.#use(toCurrentToken(found, this.#account));
        }
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

/** The provider that keeps, renews and replaces what the protocol's logins bring. */
export function cacheTokens(protocol: VendorProtocol, settings: ProviderSettings): TokenProvider {
  return new CachedTokenProvider(protocol, settings);
}
