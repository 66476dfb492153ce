import type { Lease } from '../stores/token-store.ts';
import type { Login } from './login.ts';
import type { SharedState } from './shared-state.ts';
import type { VendorToken } from './token.ts';

/** Looks for a token that makes an exchange with the vendor needless. */
export type Look = () => Promise<VendorToken | undefined>;

/** The lease that a login is made under, where the store has leases. It may be lost, and taken anew. */
export class LoginLease {
  readonly lookForToken: Look;
  readonly #shared: SharedState;
  readonly #login: Login;
  /** As `lookForToken`; but if the login that was waited for has failed, it throws that failure. */
  readonly #lookOrFail: Look;
  #lease: Lease | undefined;

  constructor(shared: SharedState, login: Login, lookForToken: Look, lookOrFail: Look) {
    this.lookForToken = lookForToken;
    this.#shared = shared;
    this.#login = login;
    this.#lookOrFail = lookOrFail;
  }

  /** Waits for it. Returns the token that makes it needless, if that has come. */
  async take(): Promise<VendorToken | undefined> {
    const { lease, found } = await this.#shared.lock(this.#login.secret, this.#login.waiters, this.#lookOrFail);
    this.#lease = lease;
    return found ?? this.#lookOrFail();
  }

  /**
   * Makes sure of it right before an exchange. One that was lost is taken anew, unless the token that it is for has come meanwhile: that is returned.
   */
  async ensure(): Promise<VendorToken | undefined> {
    return (await this.isLost()) ? ((await this.#lookOrFail()) ?? this.take()) : undefined;
  }

  /** Whether it was lost: then nobody else may hear what the login came to. */
  async isLost(): Promise<boolean> {
    return this.#lease !== undefined && !(await this.#shared.extend(this.#lease, this.#login.waiters));
  }

  /** Stores a token. False: the lease was lost meanwhile, and what came after it stays. */
  keep(token: VendorToken): Promise<boolean> {
    return this.#shared.keepToken(token, this.#login.secret, this.#lease, this.#login.waiters);
  }

  async release(): Promise<void> {
    if (this.#lease !== undefined) await this.#shared.release(this.#lease, this.#login.waiters);
  }
}

const nothing = async (): Promise<undefined> => undefined;

/** What the exchanges of a login need of its lease. */
export type LeaseOfExchanges = Pick<LoginLease, 'ensure' | 'isLost' | 'lookForToken'>;

/** Of a login that is shared with no other process. */
export const noLease: LeaseOfExchanges = { ensure: nothing, isLost: async () => false, lookForToken: nothing };
