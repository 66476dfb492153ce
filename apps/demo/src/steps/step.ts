import type { Vendor } from '../vendors/vendor.ts';

/** One thing that the demo shows. */
export interface Step {
  readonly id: string;
  /** The situation. */
  readonly title: string;
  /** What the packages do about it. */
  readonly lesson: string;
  /** What is done with each vendor, one after the other. */
  readonly acts: readonly Act[];
}

/** Does one thing with one vendor and checks what came of it. Throws where it was not what it should be. */
export type Act = (vendor: Vendor) => Promise<Finding | Skipped>;

/** What was done, and seen to be right. */
export interface Finding {
  readonly did: string;
  readonly notes?: readonly string[];
  /** How many logins it should have caused. */
  readonly logins: number;
}

/** What was not done, and why. */
interface Skipped {
  readonly skipped: string;
}

/** Ends an act that did not go as it should. */
export function check(isRight: boolean, otherwise: string): asserts isRight {
  if (!isRight) throw new Error(otherwise);
}
