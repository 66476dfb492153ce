import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import type { Cell } from './cell.ts';
import { startRegistry } from './registry.ts';
import { rehearse } from './rehearse.ts';
import { installRuntimes } from './runtimes.ts';
import { formatTable } from './table.ts';

const started = performance.now();
const directory = mkdtempSync(join(realpathSync(tmpdir()), 'vendor-auth-rehearsal-'));
// Whatever ends the rehearsal, nothing of it stays.
process.on('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
setTimeout(() => {
  console.error('The rehearsal took more than ten minutes');
  process.exit(1);
}, 600_000).unref();

await installRuntimes();
const registry = await startRegistry(join(directory, 'registry'));
process.on('exit', () => registry.stop());
const cells = await rehearse(directory, registry);
report(cells);
process.exit(cells.length === 0 || cells.some(isRed) ? 1 : 0);

function isRed(cell: Cell): boolean {
  return cell.decides && cell.trouble !== undefined;
}

function report(all: readonly Cell[]): void {
  for (const block of [/, alone$/, /, install$/, /, (import|require)$/, /, types, /]) {
    console.log(`${formatTable(all.filter(({ row }) => block.test(row)))}\n`);
  }
  for (const { row, column, decides, trouble } of all) {
    if (decides && trouble !== undefined) console.log(`FAILS: ${row}, ${column}\n${indent(trouble)}\n`);
  }
  for (const line of undecidingTroubles(all)) console.log(line);
  const green = all.filter(({ decides, trouble }) => decides && trouble === undefined).length;
  const deciding = all.filter(({ decides }) => decides).length;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${green} of ${deciding} green, in ${seconds} s`);
}

/** Once for each runtime and reason: what does not decide should not fill the screen. */
function undecidingTroubles(all: readonly Cell[]): ReadonlySet<string> {
  const troubled = all.filter(({ decides, trouble }) => !decides && trouble !== undefined);
  const reason = (trouble = ''): string => /^.*Error: .*$/m.exec(trouble)?.[0] ?? trouble.split('\n')[0] ?? '';
  return new Set(troubled.map(({ column, trouble }) => `${column}, which does not decide: ${reason(trouble)}`));
}

function indent(text: string): string {
  return text.split('\n').slice(0, 30).join('\n').replaceAll(/^/gm, '  ');
}
