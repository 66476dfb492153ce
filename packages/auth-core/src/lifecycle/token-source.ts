import type { AccessTokenInit } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { type LoginCause, publish } from '../channels.ts';
import type { Lease } from '../stores/token-store.ts';
import type { VendorProtocol } from '../token-provider.ts';
import { type Account, fingerprint } from './account.ts';
import { attemptLogin, type LoginResult } from './attempt-login.ts';
import { FleetMemory, type LookOut } from './fleet-memory.ts';
import type { FreshToken } from './fresh-token.ts';
import { LoginCaution } from './login-caution.ts';
import type { ProviderSettings } from './provider-options.ts';
import { readSecret } from './read-secret.ts';
import type { StoredFailure } from './stored-entries.ts';
import type { VendorClock } from './vendor-clock.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** One need for a token. */
export interface TokenNeed {
  readonly cause: LoginCause;
  readonly room: WaitingRoom;
  /** Runs the protocol's code so that its requests are known as the login's own, until it has settled. */
  inScope<T>(run: () => Promise<T>): Promise<T>;
  /** Runs within that what is known as a login's by other means. */
  outOfScope<T>(run: () => T): T;
  /** What a token from the store is good for: `refused` ones are removed from it, `other` ones stay and are not taken. */
  judge(token: FreshToken): 'wanted' | 'other' | 'refused';
  /** Told right before a login. */
  onLogin(): void;
}

/** A need, with the credentials that it is met with. */
interface Errand extends TokenNeed {
  readonly secret: string | undefined;
  /** The secret, or the empty string where the protocol has none: what verifiers and memories are made of. */
  readonly credentials: string;
  /** When the password was asked for: the time that took counts as the login's. */
  readonly spent: number;
  readonly lookOut: LookOut;
}

/** Where tokens come from: the store that the fleet shares, or a login, if neither the vendor nor caution forbids it. */
export class TokenSource {
  readonly #protocol: VendorProtocol;
  readonly #settings: ProviderSettings;
  readonly #account: Account;
  readonly #vendorClock: VendorClock;
  readonly #fleet: FleetMemory | undefined;
  readonly #caution: LoginCaution;

  constructor(protocol: VendorProtocol, settings: ProviderSettings, account: Account, vendorClock: VendorClock) {
    this.#protocol = protocol;
    this.#settings = settings;
    this.#account = account;
    this.#vendorClock = vendorClock;
    this.#caution = new LoginCaution(account.provider, settings);
    const { store } = settings;
    this.#fleet = store === undefined ? undefined : new FleetMemory(store, account, settings, vendorClock);
  }

  /** @throws AuthError why there is none. */
  async obtain(need: TokenNeed): Promise<FreshToken> {
    const errand = await this.#prepare(need);
    const stored = await this.#lookInStore(errand);
    if (stored !== undefined) return stored;
    this.#assertMayTry(errand);
    if (this.#fleet === undefined) return this.#login(errand);
    const fleet = this.#fleet;
    const earlier = await fleet.findFailure(need.room);
    const look = async (): Promise<FreshToken | AuthError | undefined> =>
      (await this.#lookInStore(errand)) ?? this.#failureSince(fleet, earlier, need.room);
    const { lease, found } = await fleet.lock(need.room, look);
    try {
      const came = found ?? (await look());
      if (came instanceof AuthError) throw came;
      const token = came ?? (await this.#loginForFleet(fleet, errand, lease));
      if (lease !== undefined) void fleet.release(lease, need.room);
      return token;
    } catch (error) {
      // Waited for: what fails ends many a process, and a lease that it left behind would stop the next one.
      if (lease !== undefined) await fleet.release(lease, need.room);
      throw error;
    }
  }

  /** A token from the store alone, if it has one that is wanted. */
  async find(need: TokenNeed): Promise<FreshToken | undefined> {
    return this.#fleet === undefined ? undefined : this.#lookInStore(await this.#prepare(need));
  }

  async #prepare(need: TokenNeed): Promise<Errand> {
    const { clock, timeout } = this.#settings;
    const began = clock.monotonic();
    const secret = await readSecret(this.#protocol, need.room, timeout, (run) => need.inScope(run));
    return { ...need, secret, credentials: secret ?? '', spent: clock.monotonic() - began, lookOut: {} };
  }

  async #lookInStore(errand: Errand): Promise<FreshToken | undefined> {
    const found = await this.#fleet?.findToken(errand.credentials, errand.room, errand.lookOut);
    if (found === undefined) return undefined;
    const verdict = errand.judge(found.token);
    if (verdict === 'refused') await this.#fleet?.forgetToken(found, errand.room);
    return verdict === 'wanted' ? found.token : undefined;
  }

  /** @throws AuthError `COOLING_DOWN` */
  #assertMayTry(errand: Errand): void {
    this.#caution.check(errand.credentials, errand.room.occupied ? this.#settings.timeout - errand.spent : 0);
  }

  /** The failure of the login that this one has waited for: it is everybody's, so that those who wait do not fail one after the other. */
  async #failureSince(fleet: FleetMemory, earlier: StoredFailure | undefined, room: WaitingRoom): Promise<AuthError | undefined> {
    const failure = await fleet.findFailure(room);
    return failure === undefined || !failure.final || failure.id === earlier?.id ? undefined : this.#errorOf(failure);
  }

  #errorOf(failure: StoredFailure): AuthError {
    return new AuthError({ ...failure, provider: this.#account.provider, retryAfter: failure.pause === 0 ? undefined : failure.pause });
  }

  async #loginForFleet(fleet: FleetMemory, errand: Errand, lease: Lease | undefined): Promise<FreshToken> {
    const known = await fleet.findRefusal(errand.credentials, this.#settings.clock.monotonic(), errand.room);
    if (known !== undefined) this.#caution.remember(errand.credentials, known);
    const failure = await fleet.findFailure(errand.room);
    const pause = failure === undefined ? 0 : fleet.pauseLeft(failure);
    if (failure !== undefined && pause > 0) this.#caution.pauseFor(pause, this.#errorOf(failure));
    this.#assertMayTry(errand);
    const token = await this.#login(errand);
    if (known !== undefined) await fleet.forgetRefusal(errand.credentials, errand.room);
    if (await fleet.keepToken(token, errand.credentials, lease, errand.room)) return token;
    return (await this.#lookInStore(errand)) ?? token;
  }

  async #login(errand: Errand): Promise<FreshToken> {
    const { clock, timeout } = this.#settings;
    const began = clock.monotonic();
    const pause = this.#caution.pauseLeft();
    if (pause > 0) {
      await errand.room.sleep(pause);
      if (errand.room.abandoned) this.#assertMayTry(errand);
    }
    errand.onLogin();
    publish('loginStart', () => ({ ...this.#sender(), cause: errand.cause }));
    try {
      const run = { protocol: this.#protocol, settings: this.#settings, vendorClock: this.#vendorClock };
      const result = await attemptLogin({ ...run, ...errand, deadline: began + timeout - errand.spent });
      return this.#welcome(result, errand, clock.monotonic() - began);
    } catch (error) {
      await this.#learn(error as AuthError, errand, clock.monotonic() - began); // `attemptLogin` throws nothing else
      throw error;
    }
  }

  #welcome({ init, attempts }: LoginResult, errand: Errand, duration: number): FreshToken {
    this.#caution.dismiss(errand.credentials);
    const token = this.#toFreshToken(init);
    publish('loginEnd', () => ({
      ...this.#sender(),
      cause: errand.cause,
      token: fingerprint(this.#account, token.value),
      attempts,
      duration,
      ...(token.expiresAt === undefined ? {} : { expiresAt: this.#vendorClock.toLocal(token.expiresAt) }),
    }));
    return token;
  }

  #toFreshToken({ value, scheme, expiresAt }: AccessTokenInit): FreshToken {
    const issuedAt = this.#vendorClock.now();
    if (expiresAt === undefined) return { value, scheme, issuedAt };
    if (expiresAt !== 'unknown' && expiresAt > issuedAt) return { value, scheme, issuedAt, expiresAt };
    const lifetime = this.#settings.fallbackLifetime;
    publish('unknownEnd', () => ({
      ...this.#sender(),
      token: fingerprint(this.#account, value),
      why: expiresAt === 'unknown' ? 'not told' : 'already past',
      lifetime,
    }));
    return { value, scheme, issuedAt, expiresAt: issuedAt + lifetime };
  }

  /** Takes from a failed login what the next one has to know. */
  async #learn(error: AuthError, errand: Errand, duration: number): Promise<void> {
    const { code, vendorCode, status, retryAfter } = error;
    const said = { code, ...(vendorCode === undefined ? {} : { vendorCode }), ...(status === undefined ? {} : { status }) };
    const failure = { ...this.#sender(), ...said };
    publish('loginFailure', () => ({ ...failure, cause: errand.cause, attempts: error.attempts ?? 0, duration }));
    if (code === 'INVALID_CREDENTIALS' || code === 'NOT_ALLOWED') {
      const refused = this.#caution.refused(errand.credentials, error);
      publish('coolDown', () => ({ ...failure, duration: refused.duration }));
      await this.#fleet?.keepRefusal(errand.credentials, refused.coolDown, refused.duration, errand.room);
    } else if (retryAfter !== undefined && retryAfter > 0) {
      this.#caution.pauseFor(retryAfter, error);
      publish('coolDown', () => ({ ...failure, duration: retryAfter }));
    }
    if (error.retryable && (errand.room.occupied || retryAfter !== undefined)) {
      await this.#fleet?.keepFailure(error, errand.room.occupied, errand.room);
    }
  }

  #sender(): { provider: string; account: string } {
    return { provider: this.#account.provider, account: this.#account.id };
  }
}
