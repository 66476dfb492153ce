import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { findNode, type NodeBinary } from '@x/node-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeProject, type Project } from './project.ts';
import { remove, temporaryDirectory } from './repository.ts';
import { allNodes, installRuntimes } from './runtimes.ts';
import { fromRegistry, fromTarballs, type Source } from './source.ts';

const isRehearsal = process.env['REHEARSAL'] === 'true';
if (isRehearsal) await installRuntimes();

const nodes = isRehearsal ? allNodes() : [findNode(20), findNode(24)].filter((node) => node !== undefined);
const timeout = 180_000;
const directory = temporaryDirectory();
let source: Source;
beforeAll(async () => {
  source = await (isRehearsal ? fromRegistry : fromTarballs)(directory);
}, timeout);
afterAll(() => {
  source.close();
  remove(directory);
});

/** An account at a sandbox. */
interface Account extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly logins: number;
}

async function esignon(): Promise<Account> {
  const sandbox = await startEsignonSandbox();
  const [{ companyId, email, password }] = sandbox.accounts;
  const account = { ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  return Object.assign(sandbox, { env: { ESIGNON_BASE_URL: sandbox.url, ...account } });
}

async function datacomsys(): Promise<Account> {
  const sandbox = await startDatacomsysSandbox();
  const [{ codePort, idERP, password }] = sandbox.accounts;
  const account = { DATACOMSYS_CODE_PORT: codePort, DATACOMSYS_ID_ERP: String(idERP), DATACOMSYS_PASSWORD: password };
  return Object.assign(sandbox, { env: { DATACOMSYS_BASE_URL: sandbox.url, ...account } });
}

const vendors = [
  { vendor: 'esignon', other: 'datacomsys', start: esignon },
  { vendor: 'datacomsys', other: 'esignon', start: datacomsys },
];

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Command = [project: Project, node: NodeBinary, args: readonly string[], env: Readonly<Record<string, string>>];

function spawnIn(project: Project, node: NodeBinary, args: readonly string[], env: Readonly<Record<string, string>>) {
  const root = join(project.programs, '..');
  const program = join(root, 'node_modules/.bin/vendor-auth');
  return spawn(node.path, [program, ...args], { cwd: root, env: { HOME: root, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs the installed command as a user of this machine would, with a home of its own. */
async function runIn(...command: Command): Promise<Ended> {
  const child = spawnIn(...command);
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { status, stdout, stderr };
}

describe.each(nodes.map((node) => ({ major: node.major, node })))('on Node $major', ({ major, node }) => {
  const hasSqlite = major > 20;

  describe.each(vendors)('vendor-auth, installed beside $vendor alone', ({ vendor, other, start }) => {
    let project: Project;
    beforeAll(async () => {
      const place = join(directory, `cli-${major}`);
      mkdirSync(place, { recursive: true });
      const application = { '@x/auth-cli': source.range('@x/auth-cli'), undici: major > 20 ? '^8.0.0' : '^7.0.0' };
      project = await makeProject(join(place, vendor), `@x/${vendor}-auth`, source, application, node.path);
    }, timeout);

    it('brings the core, a store where this Node can have one, and nothing of another vendor', async () => {
      const store = hasSqlite ? ['@x/auth-store-sqlite'] : [];
      expect(project.ours()).toEqual(['@x/auth-cli', '@x/auth-core', ...store, `@x/${vendor}-auth`].toSorted());
      const help = await runIn(project, node, ['--help'], {});
      expect(help).toEqual({ status: 0, stdout: expect.stringContaining(`Vendors: ${vendor}\n`), stderr: '' });
      const absent = await runIn(project, node, [other, 'check'], {});
      expect(absent).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(`installed are ${vendor}.`) });
    });

    it('checks an account, and hands out its token, with one login for all calls or a word on what that costs', { timeout }, async () => {
      await using account = await start();
      const run = (command: string): Promise<Ended> => runIn(project, node, [vendor, ...command.split(' ')], account.env);
      expect(JSON.parse((await run('check --json')).stdout)).toMatchObject({ vendor, ok: true });
      const [first, second] = [await run('token'), await run('token')];
      expect([first.status, second.status]).toEqual([0, 0]);
      expect(first.stdout === second.stdout).toBe(hasSqlite);
      expect(account.logins).toBe(hasSqlite ? 1 : 3);
      expect(second.stderr).toEqual(hasSqlite ? '' : expect.stringContaining('each call logs in anew'));
    });

    it('passes calls on through its proxy, with one login for all', { timeout }, async () => {
      await using account = await start();
      const proxy = spawnIn(project, node, [vendor, 'proxy', '--json', '--store', join(directory, `${major}-${vendor}.db`)], account.env);
      const ended = once(proxy, 'close');
      const [line] = await once(createInterface({ input: proxy.stdout }), 'line');
      // What the command itself prints.
      const { url, key } = JSON.parse(String(line)) as { url: string; key: string };
      const path = vendor === 'esignon' ? '/api/v2/company' : '/account';
      const call = async (): Promise<number> => (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).status;
      expect([await call(), await call(), account.logins]).toEqual([200, 200, 1]);
      proxy.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    });
  });
});
