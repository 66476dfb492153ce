import type { Cell } from './cell.ts';

/** What came of all cells. */
export interface Report {
  readonly size: number;
  readonly wrong: readonly string[];
  readonly hung: readonly string[];
}

/** A cell that takes longer than this hangs, in milliseconds. */
const cap = 60_000;

/** Runs the cells, so many at a time. `running` always holds the names of those under way. */
export async function runCells(cells: readonly Cell[], atATime: number, running: Set<string>): Promise<Report> {
  const wrong: string[] = [];
  const hung: string[] = [];
  const left = cells.values();
  const work = async (): Promise<void> => {
    for (const cell of left) {
      running.add(cell.name);
      const result = await runOne(cell);
      running.delete(cell.name);
      if (result === undefined) hung.push(cell.name);
      else if (result.length > 0) wrong.push(`${cell.name}: ${result.join('; ')}`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return { size: cells.length, wrong, hung };
}

async function runOne(cell: Cell): Promise<readonly string[] | undefined> {
  const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), cap);
  const result = cell.run().catch((error: unknown) => [`threw ${error instanceof Error ? error.stack : String(error)}`]);
  try {
    return await Promise.race([result, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
