import { RejectionBudget } from './rejection-budget.ts';

/** A store may offer a token that was refused a while ago and could not be removed then. */
const maxRemembered = 8;

/** The tokens that the vendor refused of late, and how many logins they may still cause. */
export class RefusedTokens {
  readonly budget: RejectionBudget;
  readonly #values: string[] = [];

  constructor(budget: number, monotonic: number) {
    this.budget = new RejectionBudget(budget, monotonic);
  }

  includes(value: string): boolean {
    return this.#values.includes(value);
  }

  add(value: string): void {
    if (this.includes(value)) return;
    this.#values.push(value);
    if (this.#values.length > maxRemembered) this.#values.shift();
  }

  /** The vendor has issued it anew. */
  forgive(value: string): void {
    const index = this.#values.indexOf(value);
    if (index !== -1) this.#values.splice(index, 1);
  }
}
