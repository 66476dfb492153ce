/** One thing that was tried. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  /** Whether the rehearsal fails with it. */
  readonly decides: boolean;
  /** `'ok'`, or what the table should say in its place. */
  readonly verdict: string;
  /** What went wrong. */
  readonly trouble?: string;
}

/** Something to try. */
export interface Attempt {
  readonly row: string;
  readonly column: string;
  readonly decides: boolean;
  /** Returns what the table should say. Throws if it went wrong. */
  readonly run: () => Promise<string>;
}

/** Tries everything, two at a time, and never throws. */
export async function tryAll(attempts: readonly Attempt[]): Promise<readonly Cell[]> {
  const waiting = attempts.entries();
  const cells: Cell[] = [];
  const work = async (): Promise<void> => {
    for (const [index, attempt] of waiting) cells[index] = await tryOne(attempt);
  };
  await Promise.all([work(), work()]);
  return cells;
}

async function tryOne({ row, column, decides, run }: Attempt): Promise<Cell> {
  try {
    return { row, column, decides, verdict: await run() };
  } catch (error) {
    return { row, column, decides, verdict: 'FAILS', trouble: error instanceof Error ? error.message : String(error) };
  }
}
