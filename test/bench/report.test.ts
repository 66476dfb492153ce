import { expect, it } from 'vitest';

import { chartPanels } from '../../bench/report/chart-data.ts';
import { formatResult } from '../../bench/report/markdown.ts';
import { formatPage } from '../../bench/report/page.ts';
import type { Result, Row } from '../../bench/report/table.ts';

const rows: readonly Row[] = [
  { name: 'one for all', role: 'limit', cells: [1, { median: 1, q1: 1, q3: 1 }] },
  { name: 'these packages', role: 'ours', cells: [1, { median: 1_234.567, q1: 1_200, q3: 1_300 }] },
  { name: 'google-auth-library', role: 'other', cells: [200, { median: 2, q1: 1, q3: 3 }] },
  { name: 'undici-oidc-interceptor', role: 'other', cells: [], note: 'takes no part: it hands no token out' },
];

const storm: Result = {
  name: 'storm',
  title: 'A token that is rejected',
  means: ['What it is.'],
  meansNot: ['what it is not.'],
  tables: [
    {
      title: 'A table:',
      columns: [
        { title: 'logins', digits: 0 },
        { title: 'ns', digits: 1 },
      ],
      rows,
    },
  ],
};

it('a table shows the median with the middle half of the samples, and no quartiles that do not differ', () => {
  const text = formatResult(storm);
  expect(text).toContain('| **these packages** | 1 | 1,234.6 (1,200.0 to 1,300.0) |');
  expect(text).toContain('| one for all | 1 | 1.0 |');
});

it('a library that takes no part stands in the table, without a figure and with the reason', () => {
  expect(formatResult(storm)).toContain('| undici-oidc-interceptor | – | – | takes no part: it hands no token out |');
});

it('a part of the report names the command that runs it again, what the figures mean, and what they do not', () => {
  const text = formatResult(storm);
  for (const part of ['npx -y pnpm@12 bench storm', 'What it is.', 'It does not say: what it is not.']) expect(text).toContain(part);
});

it('the page tells the machine, its load and every version', () => {
  const machine = { cpu: 'Some CPU', processors: 2, system: 'linux x64', node: 'v24.0.0', load: 3.5 };
  const page = formatPage({ date: '2026-11-25', machine, versions: { undici: '8.0.0' }, results: [storm] });
  expect(page).toContain(
    '2026-11-25, Some CPU, 2 processors (busy when it began: a load of 3.5), linux x64, Node v24.0.0. With undici 8.0.0.',
  );
  expect(page).toContain('## A token that is rejected');
});

it('the chart shows the same contenders in each of its parts, a missing figure included', () => {
  const [panel, ...others] = chartPanels([storm]);
  expect(others).toEqual([]);
  expect(panel?.bars.slice(0, 3)).toEqual([
    { name: 'these packages', isOurs: true, value: 1_234.567 },
    { name: 'written by hand', isOurs: false },
    { name: 'undici-oidc-interceptor', isOurs: false },
  ]);
});
