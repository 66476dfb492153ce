/** One more login a minute. */
const refillEvery = 60_000;

/** How many logins refused tokens may still cause: a bucket that is full at first and gets one more each minute. */
export class RejectionBudget {
  readonly #size: number;
  #left: number;
  #countedAt: number;

  constructor(size: number, monotonic: number) {
    this.#size = size;
    this.#left = size;
    this.#countedAt = monotonic;
  }

  /** Whether one more login may be caused at this moment of the monotonic clock. */
  allows(monotonic: number): boolean {
    this.#refill(monotonic);
    return this.#left >= 1;
  }

  /** Counts a login that a refused token causes. */
  spend(monotonic: number): void {
    this.#refill(monotonic);
    if (this.#left === this.#size) this.#countedAt = monotonic;
    this.#left = Math.max(0, this.#left - 1);
  }

  #refill(monotonic: number): void {
    const more = Math.floor((monotonic - this.#countedAt) / refillEvery);
    if (more <= 0) return;
    this.#left = Math.min(this.#size, this.#left + more);
    this.#countedAt += more * refillEvery;
  }
}
