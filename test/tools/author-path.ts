// Does, in a copy of the repository, what CONTRIBUTING tells the author of a new provider. Then every check has to pass, and every test that depends on which
// packages there are; with `--whole`, every test.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { copyRepository, remove, temporaryDirectory } from '../packages/repository.ts';
import { fillInPackage } from './author.ts';
import { parcelbox } from './parcelbox.ts';

const vendor = 'acme-pay';
const folder = `packages/${vendor}-auth`;
/** The tests that depend on which packages there are, beside those that `check` runs. */
const dependent = [folder, 'test/docs', 'test/packages', 'test/tools'];

const root = temporaryDirectory();
const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });

function pnpm(...args: readonly string[]): void {
  const started = performance.now();
  console.log(`\n=== pnpm ${args.join(' ')}`);
  const { status } = spawnSync('npx', ['-y', 'pnpm@12', ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`=== pnpm ${args.join(' ')}: ${Math.round((performance.now() - started) / 1_000)} s`);
  if (status !== 0) throw new Error(`pnpm ${args.join(' ')} failed (${String(status)}) with a new provider`);
}

/** How many lines were written since the last `git add`. */
function countWritten(): number {
  return [...git('diff', '--numstat', '--', folder).matchAll(/^\d+/gm)].reduce((sum, [added]) => sum + Number(added), 0);
}

/** The lockfile changes with the new package, also where `CI` is set. */
const install = (): void => pnpm('install', '--no-frozen-lockfile', '--prefer-offline');

try {
  await copyRepository(root);
  git('init', '--quiet');
  install();
  pnpm('new-provider', vendor);
  install();
  pnpm('format');
  git('add', '--all');
  fillInPackage(join(root, folder), parcelbox);
  pnpm('format');
  console.log(`=== ${countWritten()} lines written by hand`);
  pnpm('docs:api');
  pnpm('check');
  if (process.argv.includes('--whole')) pnpm('test');
  else pnpm('exec', 'vitest', 'run', ...dependent);
} finally {
  remove(root);
}
