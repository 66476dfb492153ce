import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { type EsignonSandbox, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readDocument, root } from './documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'docs-command-line-'));
let sandbox: EsignonSandbox;

/** A folder in which `npx vendor-auth` is the command of this repository. */
beforeAll(async () => {
  sandbox = await startEsignonSandbox();
  const main = join(root, 'packages/auth-cli/src/main.ts');
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' --conditions=@x/source '${main}' "$@"\n`);
  chmodSync(join(folder, 'npx'), 0o755);
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** Runs a line for bash with the sandbox in the vendor's place. */
async function run(code: string, password: string): Promise<{ stdout: string; stderr: string }> {
  const [{ companyId, email }] = sandbox.accounts;
  const account = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  const env = { ...account, PATH: [folder, process.env['PATH']].join(delimiter), HOME: folder };
  const line = code.replaceAll('https://docs.esignon.net', sandbox.url);
  const child = spawn('bash', ['-c', line], { cwd: join(root, 'packages/auth-cli'), env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

describe.each(['docs/command-line.md', 'packages/auth-cli/README.md'])('the lines for curl in %s', (page) => {
  const lines = readDocument(page)
    .blocks.filter(({ language }) => language === 'bash')
    .map(({ code }) => code);

  it('call the vendor with the token, and not at all if the login is refused', { timeout: 60_000 }, async () => {
    expect(lines).toHaveLength(1);
    for (const line of lines) {
      expect(await run(line, sandbox.accounts[0].password)).toEqual({ stdout: expect.stringContaining('"name":"sandbox"'), stderr: '' });
      const calls = (): number => sandbox.requests.filter(({ path }) => !path.endsWith('/login')).length;
      const before = calls();
      expect(await run(line, 'mistyped')).toEqual({ stdout: '', stderr: expect.stringContaining('refused') });
      expect(calls()).toBe(before);
    }
  });
});
