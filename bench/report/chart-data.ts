import type { Cell, Result, Row } from './table.ts';

export interface Bar {
  readonly name: string;
  readonly isOurs: boolean;
  /** Absent where the contender takes no part. */
  readonly value?: number;
}

export interface Panel {
  readonly title: string;
  /** What stands below it. */
  readonly unit: string;
  readonly digits: number;
  readonly bars: readonly Bar[];
}

/** How the rows of all tables begin that belong to one contender, and what it is called in the chart. */
const contenders: readonly (readonly [begins: string, name: string])[] = [
  ['hand-written: a promise', 'written by hand'],
  ['undici-oidc-interceptor', 'undici-oidc-interceptor'],
  ['@badgateway/', '@badgateway/oauth2-client'],
  ['@azure/', '@azure/core-rest-pipeline'],
  ['google-auth-library', 'google-auth-library'],
  ['simple-oauth2', 'simple-oauth2'],
  ['async-cache-dedupe', 'async-cache-dedupe'],
];

interface PanelPlan {
  readonly scenario: string;
  /** Which of its columns, in its first table. */
  readonly column: number;
  /** A part of the name of our row. */
  readonly ours: string;
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly convert?: (value: number) => number;
}

/** What a ratio to the limit adds to it. */
const percentOver = (ratio: number): number => Math.max(0, (ratio - 1) * 100);

const plans: readonly PanelPlan[] = [
  { scenario: 'warm', column: 0, ours: 'with an end', title: 'Reading a token', unit: 'ns of CPU', digits: 0 },
  {
    scenario: 'request',
    column: 2,
    ours: 'eSignon',
    title: 'A request',
    unit: '% of CPU over a fixed header',
    digits: 0,
    convert: percentOver,
  },
  { scenario: 'storm', column: 1, ours: 'these packages', title: 'Token rejected', unit: 'of 200 requests fail', digits: 0 },
  { scenario: 'processes', column: 1, ours: 'SQLite', title: 'Eight processes', unit: 'of 1,600 requests fail', digits: 0 },
];

function middle(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'object') return cell.median;
  return typeof cell === 'number' ? cell : undefined;
}

function barOf(name: string, row: Row | undefined, { column, convert = (value) => value }: PanelPlan): Bar {
  const value = middle(row?.cells[column]);
  return { name, isOurs: row?.role === 'ours', ...(value === undefined ? {} : { value: convert(value) }) };
}

/** What the chart shows of a run; scenarios that were not run are left out. */
export function chartPanels(results: readonly Result[]): Panel[] {
  return plans.flatMap((plan) => {
    const { scenario, ours, title, unit, digits } = plan;
    const rows = results.find(({ name }) => name === scenario)?.tables[0]?.rows;
    if (rows === undefined) return [];
    const own = rows.find(({ role, name }) => role === 'ours' && name.includes(ours));
    const others = contenders.map(([begins, name]) =>
      barOf(
        name,
        rows.find((row) => row.role === 'other' && row.name.startsWith(begins)),
        plan,
      ),
    );
    return [{ title, unit, digits, bars: [barOf('these packages', own, plan), ...others] }];
  });
}
