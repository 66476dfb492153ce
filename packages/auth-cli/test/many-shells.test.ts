import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, '../src/main.ts');
const shells = 50;

it('fifty shells at once on a cold store make one login, and all get its token', { timeout: 240_000 }, async () => {
  await using sandbox = await startEsignonSandbox({ singleSession: true });
  const home = mkdtempSync(join(tmpdir(), 'auth-cli-home-'));
  const [{ companyId, email, password }] = sandbox.accounts;
  const account = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, HOME: home, ...account };
  const args = ['--conditions=@x/source', main, 'esignon', 'token'];
  try {
    const ends = await Promise.all(Array.from({ length: shells }, () => promisify(execFile)(process.execPath, args, { env, cwd: home })));
    expect(ends.map(({ stderr }) => stderr).filter((text) => text !== '')).toEqual([]);
    expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
    expect(sandbox.logins).toBe(1);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
