import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { startInterceptingProxy } from '../../../../test/docs/intercepting-proxy.ts';
import { makeMachine } from '../helpers/shell.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

type CheckedBehindProxy = (variables: Readonly<Record<string, string>>, authorityFile: string) => Promise<string>;

/** A company's proxy, which reads TLS, between a machine and the vendor. What the check wrote, and how often it logged in. */
async function checkBehindProxy(check: CheckedBehindProxy): Promise<{ stdout: string; logins: number }> {
  await using sandbox = await startEsignonSandbox();
  await using proxy = await startInterceptingProxy('esignon.example', sandbox.url);
  const [{ companyId, email, password }] = sandbox.accounts;
  const account = { ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  const env = { ...account, ESIGNON_BASE_URL: 'https://esignon.example', HTTPS_PROXY: proxy.url };
  return { stdout: await check(env, proxy.authorityFile), logins: sandbox.logins };
}

it('a check goes through a proxy that reads TLS, if its authority is known, and says which way it went', async () => {
  using machine = makeMachine();
  const { stdout, logins } = await checkBehindProxy(async (variables, NODE_EXTRA_CA_CERTS) => {
    const { PATH } = process.env;
    const args = ['--conditions=@x/source', main, 'esignon', 'check', '--store', machine.storeFile];
    // Node reads the variable when it starts.
    const ended = await promisify(execFile)(process.execPath, args, { env: { PATH, ...variables, NODE_EXTRA_CA_CERTS } });
    return ended.stdout;
  });
  expect(stdout).toMatch(/✓ Name look-up and TLS: https:\/\/localhost:\d+ → esignon\.example, TLSv1\.3/);
  expect(stdout).toContain('This account works.');
  expect(logins).toBe(1);
});

it('a check says that the authority of the proxy is not known, and sends no password', async () => {
  using machine = makeMachine();
  const { stdout, logins } = await checkBehindProxy(async (env) => (await machine.run(['esignon', 'check'], { env })).stdout);
  expect(stdout).toMatch(/The certificate of localhost:\d+ comes from a certificate authority that Node does not know/);
  expect(logins).toBe(0);
});
