import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const packageDirectory = join(import.meta.dirname, '..');
let directory: string;

/** The command with all that it depends on but its optional dependency. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'auth-cli-'));
  cpSync(join(packageDirectory, 'src'), join(directory, 'src'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  for (const name of ['@x/auth-core', 'undici', 'valibot']) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(packageDirectory, 'node_modules', name)), link);
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('without @x/auth-store-sqlite a command says what to install, and does its work with a login of its own', async () => {
  await using sandbox = await startEsignonSandbox();
  const [{ companyId, email, password }] = sandbox.accounts;
  const env = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  const args = ['--conditions=@x/source', join(directory, 'src/main.ts'), 'esignon', 'token'];
  const told =
    'vendor-auth: @x/auth-store-sqlite is not installed (npm install @x/auth-store-sqlite): nothing is kept, and each call logs in anew\n';
  for (const logins of [1, 2]) {
    const ended = await run(process.execPath, args, { env, cwd: import.meta.dirname, timeout: 60_000 });
    expect(ended).toEqual({ stdout: expect.stringMatching(/^[0-9a-f]{40}\n$/), stderr: told });
    expect(sandbox.logins).toBe(logins);
  }
});
