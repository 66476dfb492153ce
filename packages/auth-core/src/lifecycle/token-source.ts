import type { AccessTokenInit } from '../access-token.ts';
import { AuthError } from '../auth-error.ts';
import { type ChannelMessage, type FailureMessage, type LoginCause, publish } from '../channels.ts';
import type { Lease } from '../stores/token-store.ts';
import type { VendorProtocol } from '../token-provider.ts';
import { type Account, fingerprint } from './account.ts';
import { attemptLogin, type LoginResult, type SparedLogin } from './attempt-login.ts';
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

/** What a login works under in a fleet: its lease, if it has one, which may be lost and had anew. */
interface Tenure {
  lease: Lease | undefined;
  /** Makes sure of the lease before an exchange; what came into the store while it was lost makes that needless. */
  readonly regain: () => Promise<FreshToken | undefined>;
}

/** What a login came to; `stored` = it was needless, for the store has another process's token. */
interface LoginOutcome {
  readonly token: FreshToken;
  readonly stored: boolean;
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
    if (this.#fleet === undefined) return (await this.#login(errand, async () => undefined)).token;
    const fleet = this.#fleet;
    const earlier = await fleet.findFailure(need.room);
    const look = async (): Promise<FreshToken | AuthError | undefined> =>
      (await this.#lookInStore(errand)) ?? this.#failureSince(fleet, earlier, need.room);
    const { lease, found } = await fleet.lock(need.room, look);
    const tenure: Tenure = { lease, regain: () => this.#regain(fleet, tenure, need.room, look) };
    try {
      const came = found ?? (await look());
      if (came instanceof AuthError) throw came;
      const token = came ?? (await this.#loginForFleet(fleet, errand, tenure));
      if (tenure.lease !== undefined) void fleet.release(tenure.lease, need.room);
      return token;
    } catch (error) {
      // Waited for: what fails ends many a process, and a lease that it left behind would stop the next one.
      if (tenure.lease !== undefined) await fleet.release(tenure.lease, need.room);
      throw error;
    }
  }

  /** A lease that was lost is asked for anew, unless what it was wanted for has come. */
  async #regain(
    fleet: FleetMemory,
    tenure: Tenure,
    room: WaitingRoom,
    look: () => Promise<FreshToken | AuthError | undefined>,
  ): Promise<FreshToken | undefined> {
    if (tenure.lease === undefined || (await fleet.extend(tenure.lease, room))) return undefined;
    let came = await look();
    if (came === undefined) {
      const { lease, found } = await fleet.lock(room, look);
      tenure.lease = lease;
      came = found ?? (await look());
    }
    if (came instanceof AuthError) throw came;
    return came;
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

  async #loginForFleet(fleet: FleetMemory, errand: Errand, tenure: Tenure): Promise<FreshToken> {
    const known = await fleet.findRefusal(errand.credentials, this.#settings.clock.monotonic(), errand.room);
    if (known !== undefined) this.#caution.remember(errand.credentials, known);
    const failure = await fleet.findFailure(errand.room);
    const pause = failure === undefined ? 0 : fleet.pauseLeft(failure);
    if (failure !== undefined && pause > 0) this.#caution.pauseFor(pause, this.#errorOf(failure));
    this.#assertMayTry(errand);
    const { token, stored } = await this.#login(errand, tenure.regain);
    if (known !== undefined) await fleet.forgetRefusal(errand.credentials, errand.room);
    if (stored || (await fleet.keepToken(token, errand.credentials, tenure.lease, errand.room))) return token;
    return (await this.#lookInStore(errand)) ?? token;
  }

  async #login(errand: Errand, regain: Tenure['regain']): Promise<LoginOutcome> {
    const { clock, timeout } = this.#settings;
    const began = clock.monotonic();
    const pause = this.#caution.pauseLeft();
    if (pause > 0) {
      await errand.room.sleep(pause);
      if (errand.room.abandoned) this.#assertMayTry(errand);
    }
    const spent = errand.spent + clock.monotonic() - began;
    const came = await regain();
    if (came !== undefined) return { token: came, stored: true };
    errand.onLogin();
    publish('loginStart', () => ({ ...this.#sender(), cause: errand.cause }));
    const started = clock.monotonic();
    try {
      const run = { protocol: this.#protocol, settings: this.#settings, vendorClock: this.#vendorClock, regain };
      const result = await attemptLogin({ ...run, ...errand, deadline: started + timeout - spent });
      return this.#outcome(result, errand, clock.monotonic() - began);
    } catch (error) {
      await this.#learn(error as AuthError, errand, clock.monotonic() - began); // `attemptLogin` throws nothing else
      throw error;
    }
  }

  #outcome(result: LoginResult | SparedLogin, errand: Errand, duration: number): LoginOutcome {
    if ('init' in result) return { token: this.#welcome(result, errand, duration), stored: false };
    this.#publishFailure(result.failure, errand, duration);
    return { token: result.found, stored: true };
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

  #publishFailure(error: AuthError, errand: Errand, duration: number): ChannelMessage & FailureMessage {
    const { code, vendorCode, status, attempts = 0 } = error;
    const said = { code, ...(vendorCode === undefined ? {} : { vendorCode }), ...(status === undefined ? {} : { status }) };
    const failure = { ...this.#sender(), ...said };
    publish('loginFailure', () => ({ ...failure, cause: errand.cause, attempts, duration }));
    return failure;
  }

  /** Takes from a failed login what the next one has to know. */
  async #learn(error: AuthError, errand: Errand, duration: number): Promise<void> {
    const { code, retryAfter } = error;
    const failure = this.#publishFailure(error, errand, duration);
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
