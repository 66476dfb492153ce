import type { Cell, Column, Result, Row, Table } from './table.ts';

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** `3.30 (3.21 to 3.42)`: the median, and the middle half of the samples where they differ. */
function formatCell(cell: Cell, { digits }: Column): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return grouped(cell, digits);
  const { median, q1, q3 } = cell;
  const [middle, low, high] = [grouped(median, digits), grouped(q1, digits), grouped(q3, digits)];
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

function formatRow({ name, role, cells, note }: Row, columns: readonly Column[]): string {
  const shown = columns.map((column, index) => {
    const cell = cells[index];
    return cell === undefined ? '–' : formatCell(cell, column);
  });
  const title = role === 'ours' ? `**${name}**` : name;
  return `| ${[title, ...shown, note ?? ''].join(' | ')} |`;
}

/** A table in Markdown, its limit first. */
function formatTable({ title, columns, rows }: Table): string {
  const hasNotes = rows.some(({ note }) => note !== undefined);
  const heads = ['', ...columns.map((column) => column.title), ...(hasNotes ? ['Note'] : [])];
  const lines = [`| ${heads.join(' | ')} |`, `| --- |${' ---: |'.repeat(columns.length)}${hasNotes ? ' --- |' : ''}`];
  for (const row of rows) lines.push(hasNotes ? formatRow(row, columns) : formatRow(row, columns).replace(/ \|  \|$/, ' |'));
  return `${title}\n\n${lines.join('\n')}\n`;
}

/** A scenario's part of the report. */
export function formatResult({ name, title, means, meansNot, tables }: Result): string {
  const parts = [
    `## ${title}`,
    `\`npx -y pnpm@12 bench ${name}\``,
    ...tables.map((table) => formatTable(table).trimEnd()),
    means.join('\n'),
    ...(meansNot.length === 0 ? [] : [`It does not say: ${meansNot.join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}
