import { assertNoSecrets, type BareFault, type Fault, type Reply } from '@x/auth-core/testing';
import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { describe, expect, it } from 'vitest';

import type { Environment } from '../src/surroundings.ts';
import { type Ended, makeMachine } from './helpers/shell.ts';

/** A sandbox whose faults are of the kinds that every sandbox has. */
interface Vendor extends AsyncDisposable {
  readonly name: string;
  readonly env: Environment;
  readonly password: string;
  fail(fault: Fault, options: { times: number; on: 'login' | 'call' }): void;
}

const password = 'p4ss & "word" <é>/+';

async function esignon(): Promise<Vendor> {
  const sandbox = await startEsignonSandbox({ accounts: [{ companyId: 'c1', email: 'a@b.example', password }] });
  const env = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: 'c1', ESIGNON_EMAIL: 'a@b.example', ESIGNON_PASSWORD: password };
  return Object.assign(sandbox, { name: 'esignon', env, password });
}

async function datacomsys(): Promise<Vendor> {
  const sandbox = await startDatacomsysSandbox({ accounts: [{ codePort: 'MTP', idERP: 15, password }] });
  const account = { DATACOMSYS_CODE_PORT: 'MTP', DATACOMSYS_ID_ERP: '15', DATACOMSYS_PASSWORD: password };
  return Object.assign(sandbox, { name: 'datacomsys', env: { DATACOMSYS_BASE_URL: sandbox.url, ...account }, password });
}

/** Whatever of the request is secret, at every place of an answer that a command might show. */
function echo(status: number): Fault {
  const answer = ({ body, headers }: { body: string; headers: NodeJS.Dict<string | string[]> }): Reply => {
    const heard = `${body} ${String(headers['authorization'])} ${password}`;
    const written = encodeURIComponent(heard);
    const json = { header: { result_code: '10', result_msg: heard }, status, msg: heard, [heard]: heard };
    return { status, headers: { 'content-type': `application/json; x=${written}`, 'retry-after': written, location: `/${written}` }, json };
  };
  return { answer };
}

const bare: readonly BareFault[] = ['reset', 'cut', 'garbage', 'oversize', 'flood'];
const faults: readonly (readonly [name: string, fault: Fault])[] = [
  ...bare.map((fault) => [fault, fault] as const),
  ...[400, 401, 403, 404, 423, 429, 500, 503].map((status) => [`HTTP ${status}`, { status, retryAfter: 0 }] as const),
  ...[200, 302, 401, 403, 404, 418, 500].map((status) => [`HTTP ${status} that repeats the request`, echo(status)] as const),
  ['a redirect', { redirect: 'http://127.0.0.1:1/' }],
  ['a slow answer', { slow: 20 }],
];

interface Said {
  readonly checks: readonly string[];
  readonly others: readonly string[];
  readonly token: string;
}

/** Every output of every command, less what `token` writes to stdout, which is the token. */
async function outputsUnder(vendor: Vendor, fault: Fault, on: 'login' | 'call'): Promise<Said> {
  using machine = makeMachine();
  const run = (command: string, ...flags: string[]): Promise<Ended> => machine.run([vendor.name, command, ...flags], { env: vendor.env });
  const all = ({ stdout, stderr }: Ended): string => stdout + stderr;
  vendor.fail(fault, { times: 2, on });
  const checks = [await run('check', '--yes'), await run('check', '--yes', '--json')];
  // Where calls fail, it is the check alone that makes one.
  if (on === 'login') vendor.fail(fault, { times: 1, on });
  const token = await run('token');
  const others = on === 'login' ? [await run('status'), await run('forget')] : [];
  return { checks: checks.map(all), others: [...others.map(all), token.stderr], token: token.stdout.trim() };
}

describe.concurrent.each([
  { name: 'eSignon', start: esignon },
  { name: 'DataComSys', start: datacomsys },
])('of $name', ({ start }) => {
  describe.each(['login', 'call'] as const)('where each %s fails', (on) => {
    it.each(faults)('no command shows a password or a token: %s', async (_, fault) => {
      await using vendor = await start();
      const { checks, others, token } = await outputsUnder(vendor, fault, on);
      for (const output of checks) expect(output).not.toBe('');
      for (const output of [...checks, ...others]) assertNoSecrets(output, [vendor.password, token]);
    });
  });
});

it('a check says that no answer came, and shows no secret', async () => {
  await using vendor = await esignon();
  using machine = makeMachine();
  for (const on of ['login', 'call'] as const) {
    vendor.fail('silent', { times: 1, on });
    const { stdout, stderr, status } = await machine.run([vendor.name, 'check', '--json'], { env: vendor.env });
    expect({ status, cause: /"cause":"([\w-]+)"/.exec(stdout)?.[1] }).toEqual({ status: 3, cause: 'no-answer' });
    assertNoSecrets(stdout + stderr, [vendor.password]);
  }
});

it('no output shows the password of a proxy', async () => {
  await using vendor = await esignon();
  using machine = makeMachine();
  const env = { ...vendor.env, http_proxy: 'http://user:proxy-secret@127.0.0.1:1' };
  for (const command of ['check', 'token']) {
    const { stdout, stderr, status } = await machine.run([vendor.name, command], { env });
    expect(status).toBe(3);
    assertNoSecrets(stdout + stderr, ['proxy-secret']);
  }
  const wrong = await machine.run([vendor.name, 'check'], { env: { ...env, http_proxy: 'ftp://user:proxy-secret@x' } });
  expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('http_proxy: expected a URL') });
  assertNoSecrets(wrong, ['proxy-secret']);
});
