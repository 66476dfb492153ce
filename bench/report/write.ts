import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { chartPanels } from './chart-data.ts';
import { drawChart } from './chart.ts';
import { formatPage, type Run } from './page.ts';

const folder = join(import.meta.dirname, '..');

/** Writes README.md, results.json and chart.svg of this folder, as the formatter of the repository wants them. */
export function writeReport(run: Run): void {
  const [page, results] = [join(folder, 'README.md'), join(folder, 'results.json')];
  writeFileSync(page, formatPage(run));
  writeFileSync(results, JSON.stringify(run, undefined, 2));
  writeFileSync(join(folder, 'chart.svg'), drawChart(chartPanels(run.results)));
  const oxfmt = join(folder, '../node_modules/oxfmt/bin/oxfmt');
  execFileSync(process.execPath, [oxfmt, page, results], { cwd: join(folder, '..'), stdio: 'inherit' });
}
