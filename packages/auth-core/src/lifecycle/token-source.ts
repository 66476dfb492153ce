import type { AccessTokenInit } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { type ChannelMessage, type FailureMessage, publish } from '../events.ts';
import { withCooldown } from '../failure-message.ts';
import type { TokenStatus } from '../token-provider.ts';
import { type Account, fingerprint } from './account.ts';
import { askSecret, attemptLogin } from './attempts.ts';
import { Cooldown, isRefusal } from './cooldown.ts';
import type { Login } from './login.ts';
import { type LeaseOfExchanges, LoginLease, type Look, noLease } from './login-lease.ts';
import type { Rejections } from './rejections.ts';
import { unread } from './guarded-store.ts';
import { type KnownRefusals, SharedState } from './shared-state.ts';
import type { FailureEntry } from './store-entries.ts';
import { type CurrentToken, toCurrentToken, type VendorToken } from './token.ts';

/** Where tokens come from: the store that the fleet shares, or an exchange with the vendor where no cooldown and no pause forbids it. */
export class TokenSource {
  /** Which tokens were rejected; undefined as long as none was. */
  rejections: Rejections | undefined;
  readonly #account: Account;
  readonly #cooldown: Cooldown;
  readonly #shared: SharedState | undefined;

  constructor(account: Account) {
    const { store } = account.settings;
    this.#account = account;
    this.#cooldown = new Cooldown(account);
    this.#shared = store === undefined ? undefined : new SharedState(store, account);
  }

  /** @throws AuthError why there is none. */
  async obtain(login: Login): Promise<VendorToken> {
    await askSecret(login, this.#account);
    const shared = this.#shared;
    if (shared === undefined) {
      this.#assertMayTry(login);
      return (await this.#logIn(login, noLease)).token;
    }
    const look = this.#lookInto(shared, login);
    const stored = await look();
    if (stored !== undefined) return stored;
    this.#assertMayTry(login);
    return this.#obtainUnderLease(shared, login, look);
  }

  /** A token from the store that is another than the one in use and was not rejected. Makes no login. */
  async find(login: Login): Promise<VendorToken | undefined> {
    if (this.#shared === undefined) return undefined;
    await askSecret(login, this.#account);
    const { token } = await this.#shared.findToken(login.secret, login.waiters);
    const isWanted =
      token !== undefined &&
      !this.#isPast(token) &&
      token.value !== login.replaces?.token.value &&
      this.rejections?.includes(token.value) !== true;
    return isWanted ? this.#takeFromStore(token, login) : undefined;
  }

  /** How the account stands: of the token in use, or else of the stored one. Where the password cannot be had, only what is known here counts. */
  async status(login: Login<TokenStatus>): Promise<TokenStatus> {
    const { waiters } = login;
    const hasSecret = await askSecret(login, this.#account).then(
      () => true,
      () => false,
    );
    const { secret } = login;
    const stored = hasSecret && login.replaces === undefined ? await this.#shared?.findToken(secret, waiters) : undefined;
    const current = login.replaces ?? (stored?.token && toCurrentToken(stored.token, this.#account));
    const shared = hasSecret ? await this.#shared?.findPause(secret, waiters) : undefined;
    if (shared !== undefined) this.#cooldown.rememberAccount(shared.refusals, shared.since);
    const pause = this.#cooldown.longest(shared?.pause, hasSecret ? (secret ?? '') : undefined);
    return {
      ...(current === undefined ? {} : this.#describe(current)),
      ...(pause === undefined
        ? {}
        : { pause: { reason: pause.reason, until: Math.round(this.#account.settings.clock.now() + pause.left) } }),
    };
  }

  /** By what is known of the vendor's time by now: a token from a store may have come before it was. */
  #describe({ token, endsAt, refreshAt, assumedEnd }: CurrentToken): TokenStatus {
    const { issuedAt, expiresAt, value } = token;
    const known = { issuedAt, fingerprint: fingerprint(this.#account, value) };
    if (expiresAt === undefined) return known;
    const toLocal = (instant: number): number => Math.round(this.#account.vendorClock.toLocal(instant));
    const end = toLocal(endsAt);
    return { ...known, issuedAt: issuedAt + end - expiresAt, expiresAt: end, assumedEnd, refreshAt: toLocal(refreshAt) };
  }

  /** Forgets the token, refusals, pauses and rejections, here and in the store. */
  async forget({ waiters }: Login<void>): Promise<void> {
    this.rejections = undefined;
    this.#cooldown.reset();
    await this.#shared?.forgetAll(waiters);
  }

  /** How a login looks into the store for a token that makes it needless. One that was rejected is removed from there. */
  #lookInto(shared: SharedState, login: Login): Look {
    return async () => {
      login.fallback = undefined;
      const { entry, token } = await shared.findToken(login.secret, login.waiters);
      if (entry === undefined || token === undefined) return undefined;
      login.learn(token);
      if (this.rejections?.includes(token.value) === true) {
        await shared.forgetToken(entry, login.waiters);
        return undefined;
      }
      if (!this.#isPast(token)) return outlasts(token, login) ? this.#takeFromStore(token, login) : undefined;
      login.fallback = token;
      return undefined;
    };
  }

  #takeFromStore(token: VendorToken, login: Login): VendorToken {
    const { vendorClock } = this.#account;
    this.#cooldown.clearBefore(token.issuedAt, login.secret ?? '');
    publish('tokenFromStore', () => ({ ...this.#tellOf(token, login), age: Math.max(0, Math.round(vendorClock.now() - token.issuedAt)) }));
    return token;
  }

  /** What an event says of a token that a login brought or found. */
  #tellOf(token: VendorToken, { cause, id }: Login) {
    const { eventFields, vendorClock } = this.#account;
    const end = token.expiresAt === undefined ? {} : { expiresAt: vendorClock.toLocal(token.expiresAt) };
    return { ...eventFields, login: id, cause, token: fingerprint(this.#account, token.value), ...end };
  }

  async #obtainUnderLease(shared: SharedState, login: Login, lookForToken: Look): Promise<VendorToken> {
    const earlier = await shared.findFailure(login.secret, login.waiters);
    const lookOrFail: Look = async () => (await lookForToken()) ?? this.#throwFailureSince(shared, earlier, login);
    const lease = new LoginLease(shared, login, lookForToken, lookOrFail);
    try {
      const token = (await lease.take()) ?? (await this.#logInForFleet(shared, login, lease));
      void lease.release();
      return token;
    } catch (error) {
      // Waited for: what fails ends many a process, and a lease that it left behind would stop the next one.
      await lease.release();
      throw error;
    }
  }

  /** Throws the failure of the login that this one has waited for: it is everybody's, so that those who wait do not fail one after the other. */
  async #throwFailureSince(shared: SharedState, earlier: FailureEntry | undefined | typeof unread, login: Login): Promise<undefined> {
    // One that may have been there before is not known for that of the login that was waited for.
    if (earlier === unread) return undefined;
    const failure = await shared.findFailure(login.secret, login.waiters);
    if (failure === undefined || failure === unread || !failure.final || failure.id === earlier?.id) return undefined;
    throw this.#errorOf(failure);
  }

  #errorOf(failure: FailureEntry): AuthError {
    const retryAfter = failure.pause === 0 ? undefined : failure.pause;
    return new AuthError({ ...failure, provider: this.#account.protocol.name, retryAfter });
  }

  async #logInForFleet(shared: SharedState, login: Login, lease: LoginLease): Promise<VendorToken> {
    const { secret, waiters } = login;
    const known = await shared.findRefusals(secret, this.#account.settings.clock.monotonic(), waiters);
    if (known.refusal !== undefined) this.#cooldown.remember(secret ?? '', known.refusal);
    this.#cooldown.rememberAccount(known.count, known.since);
    const failure = await shared.findFailure(secret, waiters);
    if (failure !== undefined && failure !== unread) {
      this.#cooldown.rememberFailure(shared.pauseLeft(failure), failure.failures, this.#errorOf(failure));
    }
    this.#assertMayTry(login);
    const { token, cameFromStore } = await this.#logIn(login, lease);
    const forgotten = this.#forgetFailures(shared, known, failure, login);
    // Where it could not be read whether there is anything to forget, the token does not wait for that.
    if (known.isRead && failure !== unread) await forgotten;
    if (cameFromStore || (await lease.keep(token))) return token;
    return (await lease.lookForToken()) ?? token;
  }

  /** A login worked: what failed before it no longer counts. */
  async #forgetFailures(
    shared: SharedState,
    known: KnownRefusals,
    failure: FailureEntry | undefined | typeof unread,
    { secret, waiters }: Login,
  ): Promise<void> {
    if (known.count > 0 || known.refusal !== undefined || !known.isRead) await shared.forgetRefusal(secret, waiters);
    if (failure !== undefined) await shared.forgetFailure(waiters);
  }

  /** @throws AuthError `COOLING_DOWN` */
  #assertMayTry(login: Login): void {
    this.#cooldown.check(login.secret ?? '', login.waiters.any ? this.#account.settings.timeout - login.secretTime : 0);
  }

  /** `cameFromStore`: no exchange brought the token, but another process, while the lease was lost. */
  async #logIn(login: Login, lease: LeaseOfExchanges): Promise<{ token: VendorToken; cameFromStore: boolean }> {
    const { clock, timeout } = this.#account.settings;
    const { cause, waiters } = login;
    const began = clock.monotonic();
    const pause = this.#cooldown.pauseLeft();
    if (pause > 0) {
      await waiters.sleep(pause);
      if (waiters.allLeft) this.#assertMayTry(login);
    }
    // Waiting for a lease does not count towards `timeout`.
    const spent = login.secretTime + clock.monotonic() - began;
    const came = await lease.ensure();
    if (came !== undefined) return { token: came, cameFromStore: true };
    if (cause === 'rejected') this.rejections?.spend(clock.monotonic());
    publish('loginStart', () => ({ ...this.#account.eventFields, login: login.id, cause }));
    const result = await attemptLogin(login, this.#account, clock.monotonic() + timeout - spent, () => lease.ensure()).catch(
      (error: AuthError) => {
        // Another process's failure ended this login, too; whoever heard it begin hears that.
        this.#publishFailure(error, login, clock.monotonic() - began);
        throw error;
      },
    );
    const duration = clock.monotonic() - began;
    if ('init' in result) return { token: this.#accept(result, login, duration), cameFromStore: false };
    if ('found' in result) {
      this.#publishFailure(result.failure, login, duration);
      return { token: result.found, cameFromStore: true };
    }
    const isLost = await lease.isLost();
    const error = await this.#remember(result.failure, login, duration, isLost ? undefined : this.#shared);
    const found = isLost ? await lease.lookForToken() : undefined;
    if (found === undefined) throw error;
    return { token: found, cameFromStore: true };
  }

  #accept({ init, attempts }: { init: AccessTokenInit; attempts: number }, login: Login, duration: number): VendorToken {
    this.#cooldown.clear(login.secret ?? '');
    const token = this.#toVendorToken(init, login.id);
    login.learn(token);
    publish('loginEnd', () => ({ ...this.#tellOf(token, login), attempts, duration }));
    return token;
  }

  /** Whether the end of a token is past, which it can be only where it was assumed. */
  #isPast({ expiresAt }: VendorToken): boolean {
    return expiresAt !== undefined && expiresAt <= this.#account.vendorClock.now();
  }

  #toVendorToken({ value, scheme, extra, expiresAt }: AccessTokenInit, login: string): VendorToken {
    const { eventFields, settings, vendorClock } = this.#account;
    // Whole milliseconds: a strict integer column or BigInt() takes no others.
    const issuedAt = Math.round(vendorClock.now());
    if (expiresAt === undefined) return { value, scheme, extra, issuedAt };
    if (expiresAt !== 'unknown' && expiresAt > issuedAt) return { value, scheme, extra, issuedAt, expiresAt: Math.floor(expiresAt) };
    const lifetime = settings.fallbackLifetime;
    publish('unknownEnd', () => ({
      ...eventFields,
      login,
      token: fingerprint(this.#account, value),
      why: expiresAt === 'unknown' ? 'not told' : 'already past',
      lifetime,
    }));
    return { value, scheme, extra, issuedAt, expiresAt: issuedAt + lifetime, assumedEnd: true };
  }

  #publishFailure(error: AuthError, { cause, id }: Login, duration: number): ChannelMessage & FailureMessage {
    const { code, vendorCode, vendorStatus, attempts = 0 } = error;
    const said = { code, ...(vendorCode === undefined ? {} : { vendorCode }), ...(vendorStatus === undefined ? {} : { vendorStatus }) };
    const failure = { ...this.#account.eventFields, login: id, ...said };
    publish('loginFailure', () => ({ ...failure, cause, attempts, duration }));
    return failure;
  }

  /** Takes from a failed login what the next one has to know, here and by what is shared. Returns the error as callers get it: it tells the pause that holds. */
  async #remember(error: AuthError, login: Login, duration: number, shared: SharedState | undefined): Promise<AuthError> {
    const { secret, waiters } = login;
    const failure = this.#publishFailure(error, login, duration);
    const known = isRefusal(error) ? await shared?.findRefusals(secret, 0, waiters) : undefined;
    const count = Math.max(this.#cooldown.nextRefusalCount, (known?.count ?? 0) + 1);
    const { pause, accountPause = pause, refusal, failures } = this.#cooldown.recordFailure(error, secret ?? '', count);
    const longer = Math.max(pause, accountPause);
    if (pause > 0) publish('cooldown', () => ({ ...failure, duration: longer }));
    if (refusal !== undefined) await shared?.keepRefusal(refusal, { duration: pause, count }, secret, waiters);
    else if (pause > 0 || (error.retryable && waiters.any)) {
      await shared?.keepFailure(error, { final: waiters.any, pause, failures }, secret, waiters);
    }
    return refusal !== undefined && error.retryAfter !== undefined ? withCooldown(error, longer) : error;
  }
}

/** Whether a token from the store is another than the one in use and lasts longer. */
function outlasts(token: VendorToken, { replaces }: Login): boolean {
  if (replaces === undefined) return true;
  return token.value !== replaces.token.value && (token.expiresAt ?? Number.POSITIVE_INFINITY) > replaces.endsAt;
}
