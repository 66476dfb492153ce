/** A store may offer a token that was rejected a while ago and could not be removed then. */
const maxRemembered = 8;

/** One more login a minute. */
const refillEvery = 60_000;

/** The tokens that the vendor rejected of late, and the budget of logins that they may still cause. Instants are the monotonic clock's. */
export class Rejections {
  #values: string[] = [];
  /** How many logins rejected tokens may still cause: full at first, and one more each minute. */
  #left: number;
  readonly #budget: number;
  #countedAt: number;
  /** Whether a token was dropped for its rejection, and no login has begun since then. */
  loginIsOwed = false;

  constructor(budget: number, monotonic: number) {
    this.#budget = budget;
    this.#left = budget;
    this.#countedAt = monotonic;
  }

  get values(): readonly string[] {
    return this.#values;
  }

  includes(value: string): boolean {
    return this.#values.includes(value);
  }

  add(value: string): void {
    if (this.includes(value)) return;
    this.#values.push(value);
    if (this.#values.length > maxRemembered) this.#values.shift();
  }

  /** This token is in use now. If it is one that was rejected, the vendor has issued it anew. */
  nowInUse(value: string): void {
    this.#values = this.#values.filter((other) => other !== value);
    this.loginIsOwed = false;
  }

  /** Whether the budget has one more login at this moment. */
  allowsLogin(monotonic: number): boolean {
    this.#refill(monotonic);
    return this.#left >= 1;
  }

  /** Counts a login that a rejected token causes. */
  spend(monotonic: number): void {
    this.#refill(monotonic);
    if (this.#left === this.#budget) this.#countedAt = monotonic;
    this.#left = Math.max(0, this.#left - 1);
    this.loginIsOwed = false;
  }

  #refill(monotonic: number): void {
    const more = Math.floor((monotonic - this.#countedAt) / refillEvery);
    if (more <= 0) return;
    this.#left = Math.min(this.#budget, this.#left + more);
    this.#countedAt += more * refillEvery;
  }
}
