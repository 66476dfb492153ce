import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { startInterceptingProxy } from '../../../../test/docs/intercepting-proxy.ts';
import { makeMachine } from '../helpers/shell.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

/** A company's proxy, which reads TLS, between a machine and the vendor; the names of the variables decide whether the machine knows its authority. */
async function checkBehindProxy(variable: 'NODE_EXTRA_CA_CERTS' | 'UNKNOWN'): Promise<{ stdout: string; logins: number }> {
  await using sandbox = await startEsignonSandbox();
  await using proxy = await startInterceptingProxy('esignon.example', sandbox.url);
  using machine = makeMachine();
  const [{ companyId, email, password }] = sandbox.accounts;
  const account = { ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  const { PATH } = process.env;
  const env = { PATH, ...account, ESIGNON_BASE_URL: 'https://esignon.example', HTTPS_PROXY: proxy.url, [variable]: proxy.authorityFile };
  const args = ['--conditions=@x/source', main, 'esignon', 'check', '--store', machine.storeFile];
  const ended = promisify(execFile)(process.execPath, args, { env });
  // A check that fails has a status other than 0, by which execFile rejects: what it wrote is there all the same.
  const { stdout } = await ended.catch((error: { stdout: string }) => error);
  return { stdout, logins: sandbox.logins };
}

it('a check goes through a proxy that reads TLS, if its authority is known, and says which way it went', async () => {
  const { stdout, logins } = await checkBehindProxy('NODE_EXTRA_CA_CERTS');
  expect(stdout).toMatch(/✓ Name look-up and TLS: https:\/\/localhost:\d+ → esignon\.example, TLSv1\.3/);
  expect(stdout).toContain('This account works.');
  expect(logins).toBe(1);
});

it('a check says that the authority of the proxy is not known, and sends no password', async () => {
  const { stdout, logins } = await checkBehindProxy('UNKNOWN');
  expect(stdout).toMatch(/The certificate of localhost:\d+ comes from a certificate authority that Node does not know/);
  expect(logins).toBe(0);
});
