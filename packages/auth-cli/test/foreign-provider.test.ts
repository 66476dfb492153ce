import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';

import { startFaultyServer } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { acme, installPackage } from './helpers/acme.ts';
import { type Ended, type Machine, makeMachine } from './helpers/shell.ts';

let machine: Machine;
beforeEach(() => {
  machine = makeMachine();
});
afterEach(() => machine[Symbol.dispose]());

/** Runs a command of a vendor that differs from Acme in something. */
async function run(command: string, changes: Parameters<typeof acme>[1]): Promise<Ended> {
  installPackage(machine.directory, '@x/acme-auth', acme('acme', changes));
  await using server = await startFaultyServer(() => ({ status: 200, json: {} }));
  const env = { ACME_BASE_URL: server.url, ACME_PASSWORD: 'p4ssword' };
  return await machine.run(['acme', ...command.split(' ')], { cwd: machine.directory, env });
}

it.each([
  ['status', /\nEnd: +1970-01-02T00:00:00Z \(\d+ d ago\), assumed: the vendor does not tell it\n/],
  ['check', /\n✓ Token and its end: 1a2b3c4d → 1970-01-02T00:00:00Z \?\n/],
])('%s shows the end that is assumed for a token where the vendor does not tell it', async (command, shown) => {
  const status = "status: async () => ({ fingerprint: '1a2b3c4d', issuedAt: 0, expiresAt: 86_400_000, assumedEnd: true }),";
  const getToken = 'getToken: async () => ({ ...token, expiresAt: 86_400_000 }),';
  expect((await run(command, { provider: status + getToken })).stdout).toMatch(shown);
});

it.each([
  ['cannot be made', { shell: 'createProvider: (env) => { throw new TypeError(env.ACME_PASSWORD); },' }],
  ['fails in its login', { provider: 'getToken: async () => { throw new TypeError(env.ACME_PASSWORD); },' }],
])('a provider that %s with an error of its own is a defect, told without the words of that error', async (_name, changes) => {
  const { status, stdout, stderr } = await run('check', changes);
  expect({ status, stderr }).toEqual({
    status: 70,
    stderr: expect.stringContaining('a defect of this package; please report it: TypeError'),
  });
  expect(stdout + stderr).not.toContain('p4ssword');
});

it('an account without a password can be refused, too', async () => {
  // As another installed copy of the core throws it.
  const refused = "Object.assign(new Error('no'), { code: 'INVALID_CREDENTIALS', [Symbol.for('@x/auth-core/AuthError')]: true })";
  const { status, stdout } = await run('check', { provider: `getToken: async () => { throw ${refused}; },` });
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('✗ Login: INVALID_CREDENTIALS\n') });
});

it('the account of a sandbox is printed so that a shell and an env file read the same', async () => {
  const env = { ACME_BASE_URL: 'http://127.0.0.1:1', ACME_PASSWORD: 'p4ss & "word" #1' };
  const sandbox = `({ url: env.ACME_BASE_URL, env, revoke() {}, fail() {}, close: async () => {} })`;
  const shell = `startSandbox: async () => { const env = ${JSON.stringify(env)}; return ${sandbox}; },`;
  installPackage(machine.directory, '@x/acme-auth', acme('acme', { shell }));
  const { stdout } = await machine.run(['acme', 'sandbox'], { cwd: machine.directory, signal: AbortSignal.abort() });
  expect(parseEnv(stdout)).toEqual(env);
  expect(execFileSync('sh', ['-c', `${stdout}printf %s "$ACME_PASSWORD"`], { encoding: 'utf8' })).toBe(env.ACME_PASSWORD);
});
