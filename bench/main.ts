/**
 * The packages side by side with the libraries that a user would take instead: `pnpm bench [scenario…] [--quick]`. A whole run writes README.md, results.json
 * and chart.svg; a run of some scenarios, and a quick one, prints the tables.
 */
import { parseArgs } from 'node:util';

import { describeMachine, readVersions } from './report/machine.ts';
import { formatResult } from './report/markdown.ts';
import type { Result, Scenario } from './report/table.ts';
import { writeReport } from './report/write.ts';
import { scenarios } from './scenarios/index.ts';

/** What stands beside the figures with its version. */
const measured = [
  'undici',
  'undici-oidc-interceptor',
  '@badgateway/oauth2-client',
  '@azure/core-rest-pipeline',
  'google-auth-library',
  'simple-oauth2',
  'async-cache-dedupe',
];

/** The scenarios of these names, or all of them; undefined where there is none of a name. */
function choose(names: readonly string[]): readonly Scenario[] | undefined {
  if (names.length === 0) return scenarios;
  const known = scenarios.map(({ name }) => name);
  return names.every((name) => known.includes(name)) ? scenarios.filter(({ name }) => names.includes(name)) : undefined;
}

async function runScenario({ run, ...about }: Scenario, quick: boolean): Promise<Result> {
  const began = performance.now();
  const result = { ...about, tables: await run({ quick }) };
  console.log(formatResult(result));
  console.error(`${about.name}: ${((performance.now() - began) / 1_000).toFixed(0)} s\n`);
  return result;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false } } });
const [date = ''] = new Date().toISOString().split('T');
const machine = describeMachine();
const results: Result[] = [];
const chosen = choose(positionals);
if (chosen === undefined) {
  console.error(`There is no such scenario. There are: ${scenarios.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
for (const scenario of chosen) results.push(await runScenario(scenario, values.quick));
if (positionals.length === 0 && !values.quick) writeReport({ date, machine, versions: readVersions(measured), results });
