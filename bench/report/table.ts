import type { Spread } from '../harness/statistics.ts';

/** A figure with its quartiles, a figure that was counted once, or words where there is none. */
export type Cell = Spread | number | string;

export interface Column {
  readonly title: string;
  /** Digits after the point. */
  readonly digits: number;
}

export interface Row {
  readonly name: string;
  /** `limit` = what no code could do without; `ours` = these packages; `other` = a library, or code written by hand. */
  readonly role: 'limit' | 'ours' | 'other';
  /** One for each column. A peer that takes no part has none, and a note that says why. */
  readonly cells: readonly Cell[];
  readonly note?: string;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** What a scenario came to. */
export interface Result {
  readonly name: string;
  readonly title: string;
  /** How it was measured, and what the figures mean. */
  readonly means: readonly string[];
  /** What nobody should conclude from them. */
  readonly meansNot: readonly string[];
  readonly tables: readonly Table[];
}

/** How a scenario is run. */
export interface RunOptions {
  /** A short run: it shows that everything works, and its figures are worth little. */
  readonly quick: boolean;
}

export interface Scenario extends Omit<Result, 'tables'> {
  readonly run: (options: RunOptions) => Promise<readonly Table[]>;
}
