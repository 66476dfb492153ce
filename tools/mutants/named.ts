// pnpm mutants:named: makes each change of test/mutants/named.json by itself, and fails where the tests that it names pass in spite of it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';

import { applyChange, type Change, changeSchema } from './change.ts';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'mutants-'));
const reportSchema = v.object({
  testResults: v.array(v.object({ assertionResults: v.array(v.object({ status: v.string(), fullName: v.string() })) })),
});

/** The names of the tests that fail with a change. */
function failingTests(change: Change): string[] {
  const report = join(work, 'report.json');
  rmSync(report, { force: true });
  const args = ['run', '--config', 'tools/mutants/vitest.config.ts', '--reporter=json', `--outputFile=${report}`];
  const env = { ...process.env, MUTANTS_TESTS: change.tests.join('\n'), MUTANTS_CHANGE: JSON.stringify(change) };
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], { cwd: root, env });
  const { testResults } = v.parse(reportSchema, JSON.parse(readFileSync(report, 'utf8')));
  return testResults.flatMap((file) => file.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName));
}

const changes = v.parse(v.array(changeSchema), JSON.parse(readFileSync(join(root, 'test/mutants/named.json'), 'utf8')));
for (const change of changes) {
  applyChange(readFileSync(join(root, change.file), 'utf8'), change);
  const [first, ...others] = failingTests(change);
  console.log(
    `${change.what} (${change.file}): ${first === undefined ? 'SURVIVED' : `killed by "${first}"${others.length > 0 ? ` and ${others.length} more` : ''}`}`,
  );
  if (first === undefined) process.exitCode = 1;
}
rmSync(work, { recursive: true });
