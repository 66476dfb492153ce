import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type { AuthErrorCode } from '../auth-error.ts';

/** What a vendor said when it refused credentials. */
export interface Refusal {
  readonly code: AuthErrorCode;
  readonly vendorCode?: string | undefined;
  readonly vendorMessage?: string | undefined;
  /** How often the same credentials have been refused in a row. */
  readonly count: number;
}

/** A refusal with the end of its cool-down on the monotonic clock. */
export interface CoolDown extends Refusal {
  readonly until: number;
}

/** A function that hands out several wrong passwords in turn must not get each of them tried each time. */
const maxRemembered = 8;

/** Remembers which credentials were refused: as HMACs under a random key, never as they are. */
export class CredentialRefusals {
  readonly #key = randomBytes(32);
  readonly #entries: { mac: Buffer; coolDown: CoolDown }[] = [];

  /** What is remembered of these credentials, also after the cool-down has ended. */
  find(secret: string): CoolDown | undefined {
    const mac = this.#mac(secret);
    return this.#entries.find((entry) => timingSafeEqual(entry.mac, mac))?.coolDown;
  }

  remember(secret: string, coolDown: CoolDown): void {
    this.forget(secret);
    this.#entries.push({ mac: this.#mac(secret), coolDown });
    if (this.#entries.length > maxRemembered) this.#entries.shift();
  }

  forget(secret: string): void {
    const mac = this.#mac(secret);
    const index = this.#entries.findIndex((entry) => timingSafeEqual(entry.mac, mac));
    if (index !== -1) this.#entries.splice(index, 1);
  }

  #mac(secret: string): Buffer {
    return createHmac('sha256', this.#key).update(secret).digest();
  }
}
