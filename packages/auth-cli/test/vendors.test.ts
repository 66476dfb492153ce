import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFaultyServer } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { type Ended, type Machine, makeMachine } from './helpers/shell.ts';

let machine: Machine;
beforeEach(() => {
  machine = makeMachine();
});
afterEach(() => machine[Symbol.dispose]());

/** Installs a package in the working directory whose entry point for the shell is this. */
function install(name: string, cli: string): void {
  const directory = join(machine.directory, 'node_modules', name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, type: 'module', exports: { './cli': './cli.js' } }));
  writeFileSync(join(directory, 'cli.js'), cli);
}

const run = (args: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  machine.run(args.split(' '), { cwd: machine.directory, env });

/** A vendor without a login: it has a token from the start. */
const acme = (name: string): string => `
const token = { value: 'acme-token', issuedAt: Date.now() };
export const shellSupport = {
  name: '${name}', title: 'Acme', variables: [{ name: 'ACME_BASE_URL' }], firstCall: { path: '/me' },
  createProvider: (env) => ({
    name: '${name}', baseUrl: env.ACME_BASE_URL, origins: [env.ACME_BASE_URL], peekToken: () => token, getToken: async () => token,
    isRejection: ({ status }) => status === 401, requestHeaders: () => ({ 'x-token': 'acme-token' }),
    status: async () => ({ fingerprint: '1a2b3c4d', issuedAt: token.issuedAt }), forget: async () => undefined,
  }),
  explain: () => undefined,
  startSandbox: () => { throw new Error('there is none'); },
};`;

it('a provider is found where the command is called, by its vendor', async () => {
  install('@x/acme-auth', acme('acme'));
  expect(await run('acme header')).toEqual({ status: 0, stdout: 'x-token: acme-token\n', stderr: '' });
  expect((await run('--help')).stdout).toMatch(/^Vendors: acme, /m);
  const { stdout } = await run('acme status', { ACME_BASE_URL: 'https://acme.example' });
  expect(stdout).toMatch(/End: +none\nNext renewal: when the vendor rejects it/);
});

it.each(['@acme/pay-auth', 'pay-auth'])('a provider of somebody else is found by the name of its package: %s', async (name) => {
  install(name, acme('pay'));
  await using server = await startFaultyServer(({ headers }) => ({ status: headers['x-token'] === 'acme-token' ? 200 : 401, json: {} }));
  const { status, stdout } = await run(`${name} check`, { ACME_BASE_URL: server.url });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('✓ First protected call: GET /me → HTTP 200') });
});

it('a provider that is too old for this command is status 2, and told to be updated', async () => {
  mkdirSync(join(machine.directory, 'node_modules/@x/old-auth'), { recursive: true });
  expect(await run('old check')).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('@x/old-auth offers nothing') });
});

it.each([
  ['export const other = 1;', 'does not export a shellSupport that this version knows'],
  ["throw new Error('needs a newer Node');", '@acme/broken-auth/cli cannot be loaded: needs a newer Node'],
])('a package that offers nothing is status 2 and told: %s', async (cli, message) => {
  install('@acme/broken-auth', cli);
  expect(await run('@acme/broken-auth check')).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
});
