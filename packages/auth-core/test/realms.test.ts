import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

it('failures of a login keep their code and their cause where errors of Node come from another realm, as in Jest and in vitest’s vmThreads', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
  const tests = ['hostile-answers', 'send-login-request'].map((name) => `packages/auth-core/test/provider/${name}.test.ts`);
  const args = [vitest, 'run', '--root', root, '--pool', 'vmThreads', '--reporter', 'dot', ...tests];
  // Fails where one of the tests does.
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } });
  expect(stdout).toMatch(/Test Files +2 passed/);
});
