import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { isBusy, isDamage, storeError } from '../src/node-sqlite.ts';

it('a store keeps its contract where errors of Node come from another realm, as in Jest and in vitest’s vmThreads', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
  const args = ['run', '--root', root, '--pool', 'vmThreads', '--reporter', 'dot', 'packages/auth-store-sqlite/test/contract.test.ts'];
  const child = spawn(process.execPath, [vitest, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, output }).toMatchObject({ code: 0 });
}, 60_000);

it('an error of SQLite from another realm is told by its code, and its words are passed on', () => {
  const foreign = (code: number): unknown => runInNewContext(`Object.assign(new Error('words of SQLite'), { errcode: ${code} })`);
  expect([isBusy(foreign(5)), isBusy(foreign(517)), isDamage(foreign(26)), isDamage(foreign(5))]).toEqual([true, true, true, false]);
  expect(storeError('no use', foreign(14)).message).toMatch(/no use: words of SQLite; it and its directory/);
});
