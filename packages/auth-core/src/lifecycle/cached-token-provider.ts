import type { AccessToken } from '../access-token.ts';
import { AuthError, isAuthError } from '../auth-error.ts';
import { type LoginCause, publish } from '../channels.ts';
import {
  type GetTokenOptions,
  insideLogin,
  type LoginAware,
  type ResponseProbe,
  type TokenProvider,
  type VendorProtocol,
} from '../token-provider.ts';
import { type Account, createAccount, fingerprint } from './account.ts';
import type { FreshToken } from './fresh-token.ts';
import { type HeldToken, holdToken } from './held-token.ts';
import { aborted, type FlightDeck, joinFlight, type LoginFlight, startFlight } from './login-flight.ts';
import type { ProviderSettings } from './provider-options.ts';
import { refreshPause } from './refresh-policy.ts';
import { RefusedTokens } from './refused-tokens.ts';
import { type TokenNeed, TokenSource } from './token-source.ts';
import { VendorClock } from './vendor-clock.ts';

/** A class, where closures would read simpler, because thousands live side by side: their methods are shared. */
class CachedTokenProvider implements TokenProvider, LoginAware {
  readonly name: string;
  readonly origins: readonly string[];
  readonly #protocol: VendorProtocol;
  readonly #settings: ProviderSettings;
  readonly #account: Account;
  readonly #vendorClock: VendorClock;
  readonly #source: TokenSource;
  #held: HeldToken | undefined;
  /** Why there is no token, while there is none. */
  #lack: LoginCause = 'first';
  #flight: LoginFlight | undefined;
  /** A look into the store for another process's token, while a refused one is kept for want of budget. */
  #lookOut: LoginFlight | undefined;
  #refused: RefusedTokens | undefined;
  #failedRefreshes = 0;
  #nextRefresh = Number.NEGATIVE_INFINITY;

  constructor(protocol: VendorProtocol, settings: ProviderSettings) {
    this.name = protocol.name;
    this.origins = Object.freeze([...protocol.origins]);
    this.#protocol = protocol;
    this.#settings = settings;
    this.#account = createAccount(protocol);
    this.#vendorClock = new VendorClock(settings.clock);
    this.#source = new TokenSource(protocol, settings, this.#account, this.#vendorClock);
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(aborted(signal, this.name));
    if (options?.rejected !== undefined) {
      const lookOut = this.#reject(options.rejected);
      if (lookOut !== undefined) return joinFlight(lookOut, signal, this.name);
    }
    const held = this.#warm();
    return held === undefined ? joinFlight(this.#flightToJoin(), signal, this.name) : held.promise;
  }

  peekToken(): AccessToken | undefined {
    return this.#warm()?.token;
  }

  isRejection(probe: ResponseProbe): boolean | 'need-body' {
    if (!this.#vendorClock.synchronised && (probe.body === undefined || probe.complete === true)) this.#askTheTime(probe);
    return this.#protocol.isRejection(probe);
  }

  [insideLogin](): boolean {
    return this.#flight?.isInside() === true || this.#lookOut?.isInside() === true;
  }

  /** A token from a store came without the vendor's time; the first answer brings it. One from a cache would bring an old one. */
  #askTheTime(probe: ResponseProbe): void {
    const date = probe.header('date');
    if (date !== undefined && probe.header('age') === undefined) this.#vendorClock.report(date, 0);
  }

  /** The current token if it has not ended; where its refresh is due, that is started behind it. */
  #warm(): HeldToken | undefined {
    const held = this.#held;
    if (held === undefined || held.endsAt === Number.POSITIVE_INFINITY) return held;
    const now = this.#vendorClock.now();
    if (now >= held.endsAt) {
      this.#drop('ended');
      return undefined;
    }
    if (now >= held.refreshAt && this.#flight === undefined && this.#monotonic() >= this.#nextRefresh) this.#takeOff('refresh');
    return held;
  }

  #drop(lack: LoginCause): void {
    this.#held = undefined;
    this.#lack = lack;
  }

  #flightToJoin(): LoginFlight {
    const flight = this.#flight;
    if (flight === undefined) return this.#takeOff(this.#lack);
    return flight.room.abandoned ? this.#takeOff(this.#lack, flight) : flight;
  }

  /** Starts a login, where another one is being given up right behind that. */
  #takeOff(cause: LoginCause, givenUp?: LoginFlight): LoginFlight {
    const flight = startFlight(async (deck) => {
      try {
        await givenUp?.promise.catch(() => undefined);
        const held = await this.#obtain(this.#need(cause, deck));
        if (cause === 'refresh') publish('refresh', () => ({ ...this.#sender(), ok: true }));
        return held.token;
      } catch (error) {
        if (cause === 'refresh') this.#postponeRefresh(error);
        throw error;
      } finally {
        if (this.#flight === flight) this.#flight = undefined;
      }
    });
    this.#flight = flight;
    return flight;
  }

  /** A token may end on its way, while it is being stored: then another one is due. */
  async #obtain(need: TokenNeed): Promise<HeldToken> {
    for (let tries = 0; tries < 2; tries += 1) {
      this.#hold(await this.#source.obtain(need));
      const held = this.#warm();
      if (held !== undefined) return held;
    }
    const message = `${this.name}: the vendor's tokens end before they can be handed out`;
    throw new AuthError({ code: 'TIMEOUT', provider: this.name, retryable: true, message });
  }

  #need(cause: LoginCause, deck: FlightDeck): TokenNeed {
    return {
      ...deck,
      cause,
      judge: (token) => {
        if (this.#refused?.includes(token.value) === true) return 'refused';
        return this.#outlasts(token) ? 'wanted' : 'other';
      },
      onLogin: () => {
        if (cause !== 'rejected') return;
        this.#refused?.budget.spend(this.#monotonic());
        this.#lack = 'ended';
      },
    };
  }

  /** Whether a token from the store is another than the current one and lasts longer. */
  #outlasts(token: FreshToken): boolean {
    const held = this.#held;
    return held === undefined || (token.value !== held.token.value && (token.expiresAt ?? Number.POSITIVE_INFINITY) > held.endsAt);
  }

  #hold(fresh: FreshToken): HeldToken {
    const held = holdToken(fresh, this.#vendorClock, this.#settings);
    this.#held = held;
    this.#refused?.forgive(fresh.value);
    this.#failedRefreshes = 0;
    this.#nextRefresh = Number.NEGATIVE_INFINITY;
    return held;
  }

  #postponeRefresh(error: unknown): void {
    this.#failedRefreshes += 1;
    const nextTryIn = refreshPause(this.#failedRefreshes);
    this.#nextRefresh = this.#monotonic() + nextTryIn;
    const code = isAuthError(error) ? { code: error.code } : {};
    publish('refresh', () => ({ ...this.#sender(), ok: false, ...code, nextTryIn }));
  }

  /** Takes a refusal: the token is dropped if it is the current one and the budget allows the login; otherwise it stays, and only the store is asked. */
  #reject(rejected: AccessToken): LoginFlight | undefined {
    const held = this.#held?.token.value === rejected.value ? this.#held : undefined;
    const token = (): string => fingerprint(this.#account, rejected.value);
    publish('rejection', () => ({ ...this.#sender(), token: token(), current: held !== undefined }));
    this.#refused ??= new RefusedTokens(this.#settings.rejectionBudget, this.#monotonic());
    if (held !== undefined && !this.#refused.budget.allows(this.#monotonic())) {
      publish('budgetUsedUp', () => ({ ...this.#sender(), token: token() }));
      return this.#settings.store === undefined ? undefined : (this.#lookOut ??= this.#lookForAnother(held));
    }
    this.#refused.add(rejected.value);
    if (held !== undefined) this.#drop('rejected');
    return undefined;
  }

  #lookForAnother(held: HeldToken): LoginFlight {
    return startFlight(async (deck) => {
      try {
        const isRefused = (value: string): boolean => value === held.token.value || this.#refused?.includes(value) === true;
        const judge = (token: FreshToken): 'wanted' | 'other' => (isRefused(token.value) ? 'other' : 'wanted');
        const found = await this.#source.find({ ...this.#need('rejected', deck), judge });
        if (found !== undefined && this.#held === held) this.#hold(found);
      } catch {
        // Nothing was found; the refused token stays, and its refusal reaches the caller as the vendor sent it.
      } finally {
        this.#lookOut = undefined;
      }
      return this.#warm()?.token ?? this.getToken();
    });
  }

  #monotonic(): number {
    return this.#settings.clock.monotonic();
  }

  #sender(): { provider: string; account: string } {
    return { provider: this.#account.provider, account: this.#account.id };
  }
}

/** The provider that keeps, renews and replaces what the protocol's logins bring. */
export function cacheTokens(protocol: VendorProtocol, settings: ProviderSettings): TokenProvider {
  return new CachedTokenProvider(protocol, settings);
}
