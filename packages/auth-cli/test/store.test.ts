import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { openStore, whyNoStore } from '../src/store.ts';
import { makeMachine } from './helpers/shell.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('on a Node without SQLite a command says so, and does its work with a login of its own', async () => {
  await using sandbox = await startEsignonSandbox();
  using machine = makeMachine();
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const [{ companyId, email, password }] = sandbox.accounts;
  const env = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  const told = 'vendor-auth: this Node has no SQLite (22.13 and later have it): nothing is kept, and each call logs in anew\n';
  expect(await machine.run(['esignon', 'token'], { env })).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\w{40}\n$/),
    stderr: told,
  });
  const check = await machine.run(['esignon', 'check'], { env });
  expect(check).toEqual({ status: 0, stdout: expect.stringContaining('This account works.'), stderr: told });
  expect(sandbox.logins).toBe(2);
});

it('without --store the token is kept in the home directory, where every command finds it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'auth-cli-home-'));
  vi.stubEnv('HOME', home);
  const closers: (() => void | Promise<void>)[] = [];
  const store = await openStore({
    flags: {},
    stderr: { isTerminal: false, write: () => undefined },
    defer: (close) => void closers.push(close),
  });
  await store?.set('a', 'kept');
  expect(readdirSync(home, { recursive: true }).map(String)).toContainEqual(expect.stringMatching(/auth-store-sqlite.tokens\.db$/));
  for (const close of closers) await close();
  rmSync(home, { recursive: true });
});

describe('where the package of the store cannot be imported', () => {
  const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

  it('a package that is missing is told with what to install', () => {
    const missing = failure('ERR_MODULE_NOT_FOUND', "Cannot find package '@x/auth-store-sqlite' imported from /a/store.js");
    expect(whyNoStore(missing)).toBe('@x/auth-store-sqlite is not installed (npm install @x/auth-store-sqlite)');
  });

  it.each([
    failure('ERR_MODULE_NOT_FOUND', "Cannot find module '/a/node_modules/@x/auth-store-sqlite/dist/schema.js'"),
    failure('ERR_DLOPEN_FAILED', "'@x/auth-store-sqlite'"),
    'anything else',
  ])('a package that is there and broken is not told to be missing: %s', (error) => {
    expect(() => whyNoStore(error)).toThrow(error);
  });
});
