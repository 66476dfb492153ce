import type { Cell } from './cell.ts';

/** Lays the cells out: a line for each row, the versions of Node before what does not decide. */
export function formatTable(cells: readonly Cell[]): string {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))].toSorted(byKind);
  const verdicts = new Map(cells.map(({ row, column, verdict }) => [`${row}\n${column}`, verdict]));
  const lines = [['', ...columns], ...rows.map((row) => [row, ...columns.map((column) => verdicts.get(`${row}\n${column}`) ?? '')])];
  const widths = lines[0]?.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0))) ?? [];
  const format = (line: readonly string[]): string =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return lines.map(format).join('\n');
}

function byKind(a: string, b: string): number {
  return Number(b.startsWith('Node')) - Number(a.startsWith('Node')) || a.localeCompare(b);
}
