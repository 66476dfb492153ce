import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startFaultyServer } from '@x/auth-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { acme, installPackage } from './helpers/acme.ts';
import { type Ended, type Machine, makeMachine } from './helpers/shell.ts';

let machine: Machine;
beforeEach(() => {
  machine = makeMachine();
});
afterEach(() => machine[Symbol.dispose]());

const install = (name: string, cli: string): void => installPackage(machine.directory, name, cli);
const run = (args: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  machine.run(args.split(' '), { cwd: machine.directory, env });

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
  ["throw 'needs another licence';", '@acme/broken-auth/cli cannot be loaded: needs another licence'],
])('a package that offers nothing is status 2 and told: %s', async (cli, message) => {
  install('@acme/broken-auth', cli);
  expect(await run('@acme/broken-auth check')).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
});
