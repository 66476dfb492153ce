import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { chartPanels } from '../../bench/report/chart-data.ts';
import { formatPage, type Run } from '../../bench/report/page.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../bench', name), 'utf8');

/** The same words, however the formatter lays them out. */
const words = (markdown: string): string[] => markdown.replaceAll(/\|[\s|:-]+\|\n/g, '|\n').split(/[\s|]+/);

const between = (least = Number.NaN, most = Number.NaN): unknown =>
  expect.toSatisfy((value: number) => value >= least && value <= most, `${least} to ${most}`);

describe('the last run of the bench that is committed', () => {
  const run = JSON.parse(read('results.json')) as Run; // written by the bench itself
  const rows = run.results.flatMap(({ tables }) => tables.flatMap((table) => table.rows));

  it('says in its page what its figures say', () => {
    expect(words(read('README.md'))).toEqual(words(formatPage(run)));
  });

  it('has a limit in the first row of each table in which libraries are compared', () => {
    const compared = run.results.flatMap(({ tables }) => tables).filter((table) => table.rows.some(({ role }) => role === 'other'));
    expect(compared.length).toBeGreaterThan(5);
    for (const table of compared) expect(table.rows[0]?.role).toBe('limit');
  });

  it('says why of each library without figures', () => {
    expect(rows.filter(({ cells, note }) => cells.length === 0 && note === undefined)).toEqual([]);
  });

  it('is quoted in the README: after another run, its sentence on 8 processes has to be corrected', () => {
    const processes = run.results.find(({ name }) => name === 'processes')?.tables[0]?.rows ?? [];
    const cells = (wanted: (name: string, role: string) => boolean, at: number): number[] =>
      processes.filter(({ name, role }) => wanted(name, role)).map((row) => Number(row.cells[at]));
    const range = (values: number[]): string =>
      [...new Set([Math.min(...values), Math.max(...values)])].map((value) => value.toLocaleString('en')).join(' to ');
    const ours = (at: number): string => range(cells((_name, role) => role === 'ours', at));
    const libraries = (at: number): string => range(cells((name, role) => role === 'other' && !name.startsWith('hand-written'), at));
    const page = read('../README.md').replaceAll('\n', ' ');
    expect(page).toContain(`${ours(0)} login was made and ${ours(1)} requests failed.`);
    expect(page).toContain(`made ${libraries(0)} logins, and ${libraries(1)} requests failed.`);
  });

  it('lies in the ranges that the guide to fleets quotes', () => {
    const page = read('../docs/running-a-fleet.md');
    const fleet = run.results.find(({ name }) => name === 'fleet')?.tables[0]?.rows.filter(({ role }) => role === 'ours') ?? [];
    const cellsOf = (name: string): number[] => fleet.find((row) => row.name === name)?.cells.map(Number) ?? [];
    const [, scripts = 0, , rate = 0, , last = 0] = cellsOf('50');
    const rangeOf = (pattern: RegExp): number[] => pattern.exec(page)?.slice(1).map(Number) ?? [];
    const [few, many, soon, late] = rangeOf(/^\| 50 +\| +about 15 \| +(\d+) to (\d+) \| +([\d.]+) to ([\d.]+) s \|$/m);
    const [least, most] = rangeOf(/spends (\d+) to (\d+) microseconds/);
    expect([scripts, 50 * rate, last]).toEqual([between(13, 17), between(few, many), between(soon, late)]);
    expect(fleet.map(({ cells }) => Number(cells[6]))).toEqual(fleet.map(() => between(least, most)));
  });

  it('has a chart with every figure that its parts show', () => {
    const svg = read('chart.svg');
    const panels = chartPanels(run.results);
    expect(panels).toHaveLength(4);
    for (const { title, bars } of panels) {
      expect(svg).toContain(title);
      for (const { name } of bars) expect(svg).toContain(name);
    }
  });
});
