import type { AuthError } from '../auth-error.ts';
import { coolingDown } from './cooling-down.ts';
import { type CoolDown, CredentialRefusals } from './credential-refusals.ts';
import type { ProviderSettings } from './provider-options.ts';
import { cooldownAfter } from './refresh-policy.ts';

/** How much waiting a login may begin with: in milliseconds, 0 where nobody waits for it. */
export type Patience = number;

/** What speaks against a login just now: credentials that were refused, and a pause that the vendor asked for. */
export class LoginCaution {
  readonly #provider: string;
  readonly #settings: ProviderSettings;
  #refusals: CredentialRefusals | undefined;
  #pause: { readonly until: number; readonly error: AuthError } | undefined;

  constructor(provider: string, settings: ProviderSettings) {
    this.#provider = provider;
    this.#settings = settings;
  }

  /** @throws AuthError `COOLING_DOWN` where these credentials must not be tried now, or the vendor's pause is not shorter than the patience. */
  check(credentials: string, patience: Patience): void {
    const now = this.#settings.clock.monotonic();
    const refused = this.#refusals?.find(credentials);
    if (refused !== undefined && now < refused.until) {
      throw coolingDown(this.#provider, { ...refused, reason: refused.code, left: refused.until - now });
    }
    const left = this.pauseLeft();
    if (this.#pause === undefined || left === 0 || left < patience) return;
    const { code, vendorCode, vendorMessage, status } = this.#pause.error;
    throw coolingDown(this.#provider, { reason: code, vendorCode, vendorMessage, status, left });
  }

  /** Milliseconds until the vendor may be asked again. */
  pauseLeft(): number {
    return this.#pause === undefined ? 0 : Math.max(0, this.#pause.until - this.#settings.clock.monotonic());
  }

  /** Takes over what another process learnt of these credentials. */
  remember(credentials: string, coolDown: CoolDown): void {
    this.#refusals ??= new CredentialRefusals();
    this.#refusals.remember(credentials, coolDown);
  }

  /** The vendor refused these credentials: how long they cool down, in milliseconds, grows with each time in a row. */
  refused(credentials: string, error: AuthError): { coolDown: CoolDown; duration: number } {
    const { code, vendorCode, vendorMessage } = error;
    const count = (this.#refusals?.find(credentials)?.count ?? 0) + 1;
    const duration = cooldownAfter(count, this.#settings.cooldown);
    const coolDown = { code, vendorCode, vendorMessage, count, until: this.#settings.clock.monotonic() + duration };
    this.remember(credentials, coolDown);
    return { coolDown, duration };
  }

  /** The vendor asked for a pause of so many milliseconds. */
  pauseFor(duration: number, error: AuthError): void {
    this.#pause = { until: this.#settings.clock.monotonic() + duration, error };
  }

  /** A login worked: nothing speaks against these credentials any more. */
  dismiss(credentials: string): void {
    this.#pause = undefined;
    this.#refusals?.forget(credentials);
  }
}
