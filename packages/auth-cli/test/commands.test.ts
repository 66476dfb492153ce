import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type EsignonSandbox, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Ended, type Machine, makeMachine, type ShellOptions } from './helpers/shell.ts';

let sandbox: EsignonSandbox;
let machine: Machine;
beforeEach(async () => {
  sandbox = await startEsignonSandbox();
  machine = makeMachine();
});
afterEach(async () => {
  machine[Symbol.dispose]();
  await sandbox.close();
});

const account = (): Record<string, string> => {
  const [{ companyId, email, password }] = sandbox.accounts;
  return { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
};
const esignon = (command: string, options: ShellOptions = {}): Promise<Ended> =>
  machine.run(['esignon', ...command.split(' ')], { env: account(), ...options });

describe('token and header', () => {
  it('token prints the token alone, and a second call does not log in again', async () => {
    const first = await esignon('token');
    expect(first).toEqual({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]{40}\n$/), stderr: '' });
    expect(await esignon('token')).toEqual(first);
    expect(sandbox.logins).toBe(1);
  });

  it('header prints the header as curl takes it, with the same token', async () => {
    const token = (await esignon('token')).stdout.trim();
    expect((await esignon('header')).stdout).toBe(`authorization: esignon ${token}\n`);
    expect(JSON.parse((await esignon('header --json')).stdout)).toEqual({ authorization: `esignon ${token}` });
    expect(JSON.parse((await esignon('token --json')).stdout)).toMatchObject({ token, scheme: 'esignon', expiresAt: expect.any(Number) });
    expect(sandbox.logins).toBe(1);
  });

  it.each(['token', 'header'])('%s writes nothing to a terminal, and does not even log in, unless --show is given', async (command) => {
    const refused = await esignon(command, { isTerminal: true });
    expect(refused).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('--show') });
    expect(sandbox.logins).toBe(0);
    expect((await esignon(`${command} --show`, { isTerminal: true })).stdout).toMatch(/[0-9a-f]{40}\n$/);
  });

  describe('a day before the end', () => {
    /** Days to milliseconds. */
    const days = (count: number): number => count * 86_400_000;
    let ahead = 0;
    const now = (): number => Date.now() + ahead;
    beforeEach(async () => {
      ahead = 0;
      await sandbox.close();
      sandbox = await startEsignonSandbox({ now });
    });

    it('the token is renewed before the command ends, once for all that follow', async () => {
      const first = await esignon('token', { now });
      ahead = days(29.5);
      const second = await esignon('token', { now });
      expect(second.stdout).not.toBe(first.stdout);
      expect(await esignon('token', { now })).toEqual(second);
      expect(sandbox.logins).toBe(2);
    });

    it('the old token is printed if its renewal fails', async () => {
      const first = await esignon('token', { now });
      ahead = days(29.5);
      sandbox.fail({ result: '99' }, { times: Infinity, on: 'login' });
      expect(await esignon('token', { now })).toEqual(first);
      expect(sandbox.logins).toBe(2);
    });
  });

  it('an account that is refused is not tried again while it pauses, by any process', async () => {
    const env = { ...account(), ESIGNON_PASSWORD: 'mistyped' };
    expect(await esignon('token', { env })).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('vendor code 10') });
    expect(await esignon('token', { env })).toMatchObject({ status: 1, stderr: expect.stringContaining('wait 30 s') });
    expect(sandbox.logins).toBe(1);
  });

  it('with --json a failure is JSON on stdout, too', async () => {
    const { stdout, stderr, status } = await esignon('token --json', { env: {} });
    expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({ status: 2, error: { code: 'CONFIG' } });
    expect(stderr).toContain('ESIGNON_PASSWORD');
  });
});

describe('status and forget', () => {
  it('status tells of the token by its fingerprint, its age, its end and its next renewal, and logs in never', async () => {
    expect((await esignon('status')).stdout).toContain('Token:        none is stored');
    const token = (await esignon('token')).stdout.trim();
    const { stdout } = await esignon('status');
    expect(stdout).toMatch(/fingerprint [0-9a-f]{8}\n/);
    expect(stdout).toMatch(/End: {10}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(in 29 d\)/);
    expect(stdout).toMatch(/Next renewal: .* \(in 2\d d\)/);
    expect(stdout).not.toContain(token);
    expect(JSON.parse((await esignon('status --json')).stdout)).toMatchObject({ vendor: 'esignon', fingerprint: expect.any(String) });
    expect(sandbox.logins).toBe(1);
  });

  it('status tells of a pause and its reason, and forget ends it', async () => {
    const env = { ...account(), ESIGNON_PASSWORD: 'mistyped' };
    await esignon('token', { env });
    expect((await esignon('status', { env })).stdout).toMatch(/Pause: +until \S+ \(in \d+ s\), after INVALID_CREDENTIALS/);
    expect((await esignon('forget --json', { env })).stdout).toBe('{"forgotten":true}\n');
    expect((await esignon('status', { env })).stdout).toMatch(/Pause: +none/);
  });

  it('forget drops the token: the next call logs in', async () => {
    await esignon('token');
    await esignon('forget');
    await esignon('token');
    expect(sandbox.logins).toBe(2);
  });
});

describe('check', () => {
  it('makes exactly one login although there is a token, and leaves the new one to everybody', async () => {
    const before = (await esignon('token')).stdout;
    expect((await esignon('check')).status).toBe(0);
    expect(sandbox.logins).toBe(2);
    expect((await esignon('token')).stdout).not.toBe(before);
    expect(sandbox.logins).toBe(2);
  });

  it('leaves the token of everybody where it is if its login fails, and tries no second time', async () => {
    const before = (await esignon('token')).stdout;
    sandbox.fail({ status: 503 }, { times: 5, on: 'login' });
    expect((await esignon('check')).status).toBe(3);
    expect(sandbox.logins).toBe(2);
    expect((await esignon('token')).stdout).toBe(before);
  });

  it('asks before it logs in while the account is pausing, and does not without a yes', async () => {
    const env = { ...account(), ESIGNON_PASSWORD: 'mistyped' };
    await esignon('check', { env });
    expect(await esignon('check', { env })).toMatchObject({ status: 1, stdout: expect.stringContaining('is pausing until') });
    expect(await esignon('check', { env, answers: ['n'] })).toMatchObject({ status: 1 });
    expect(machine.asked).toEqual(['Log in nevertheless? [y/N] ']);
    expect(sandbox.logins).toBe(1);
    expect(await esignon('check', { env: account(), answers: ['y'] })).toMatchObject({ status: 0 });
    expect((await esignon('check --yes', { env })).stdout).toContain('✗ Login: INVALID_CREDENTIALS');
    expect(sandbox.logins).toBe(3);
  });

  describe('with --yes while the account is pausing', () => {
    const wrong = (password: string): ShellOptions => ({ env: { ...account(), ESIGNON_PASSWORD: password } });
    let time = 0;
    const at = (options: ShellOptions): ShellOptions => ({ ...options, now: () => time });
    /** How many seconds the pause still takes, give or take one: the vendor tells its time in whole seconds. */
    const secondsLeft = async (): Promise<number> => {
      const { pause } = JSON.parse((await esignon('status --json', at({}))).stdout);
      return pause === undefined ? 0 : (pause.until - time) / 1_000;
    };
    beforeEach(() => {
      time = Date.now();
    });

    it('counts a further wrong password among those of the account, which pauses on for the others, too', async () => {
      for (const password of ['wrong-1', 'wrong-2', 'wrong-3', 'wrong-4', 'wrong-5']) await esignon('token', at(wrong(password)));
      expect(await secondsLeft()).toBeGreaterThan(470);
      await esignon('check --yes', at(wrong('wrong-6')));
      expect(sandbox.logins).toBe(6);
      expect(await secondsLeft()).toBeGreaterThan(950);
      const again = await esignon('token', at(wrong('wrong-1')));
      expect(again.stderr).toContain('login not attempted');
      expect(sandbox.logins).toBe(6);
    });

    it('doubles the pause of a password that is refused again', async () => {
      await esignon('token', at(wrong('wrong-1')));
      await esignon('check --yes', at(wrong('wrong-1')));
      time += 45_000;
      expect((await esignon('token', at(wrong('wrong-1')))).stderr).toContain('login not attempted');
      expect(sandbox.logins).toBe(2);
    });

    it('keeps what is known of another wrong password', async () => {
      await esignon('token', at(wrong('wrong-1')));
      await esignon('token', at(wrong('wrong-2')));
      await esignon('check --yes', at(wrong('wrong-2')));
      expect((await esignon('token', at(wrong('wrong-1')))).stderr).toContain('login not attempted');
      expect(sandbox.logins).toBe(3);
    });

    it('ends the pause of the account by a login that works', async () => {
      for (const password of ['wrong-1', 'wrong-2', 'wrong-3', 'wrong-4', 'wrong-5']) await esignon('token', at(wrong(password)));
      expect((await esignon('check --yes', at({}))).status).toBe(0);
      expect(await secondsLeft()).toBe(0);
      expect((await esignon('token', at(wrong('wrong-5')))).stderr).toContain('login not attempted');
      expect(sandbox.logins).toBe(6);
    });

    it('doubles the pause after a login that failed for good, and ends it by one that works', async () => {
      sandbox.fail({ status: 200, body: 'no JSON' }, { times: 5, on: 'login' });
      await esignon('token', at({}));
      for (let failures = 2; failures <= 5; failures += 1) await esignon('check --yes', at({}));
      expect(await secondsLeft()).toBeGreaterThan(14);
      expect((await esignon('check --yes', at({}))).status).toBe(0);
      expect(await secondsLeft()).toBe(0);
    });
  });

  it('asks a person for what is missing, and for the password unseen', async () => {
    const { ESIGNON_BASE_URL, ESIGNON_COMPANY_ID = '', ESIGNON_EMAIL = '', ESIGNON_PASSWORD = '' } = account();
    const answers = [ESIGNON_COMPANY_ID, ESIGNON_EMAIL, ESIGNON_PASSWORD];
    const { status } = await esignon('check', { env: { ESIGNON_BASE_URL }, answers });
    expect(status).toBe(0);
    expect(machine.asked).toEqual(['ESIGNON_COMPANY_ID: ', 'ESIGNON_EMAIL: ', 'ESIGNON_PASSWORD: (unseen)']);
  });

  it.each([
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('has colours at a terminal with %j: %j', async (env, isColoured) => {
    const { stdout } = await esignon('check', { env: { ...account(), ...env }, isTerminal: true });
    expect(stdout.includes('\u001b[32m✓')).toBe(isColoured);
  });
});

describe('the command line', () => {
  it('reads an --env-file, and what is set in the environment stays', async () => {
    const file = join(machine.directory, '.env');
    const { ESIGNON_PASSWORD, ...others } = account();
    const lines = Object.entries({ ...others, ESIGNON_PASSWORD: 'of-the-file' }).map(([name, value]) => `${name}=${value}`);
    writeFileSync(file, lines.join('\n'));
    expect((await esignon(`check --env-file ${file}`, { env: { ESIGNON_PASSWORD } })).status).toBe(0);
    expect(existsSync(machine.storeFile)).toBe(true);
  });

  it('says on stderr that a store is of no use, and goes on', async () => {
    writeFileSync(machine.storeFile, 'somebody else’s file');
    const { status, stdout, stderr } = await esignon('token');
    expect({ status, lines: stdout.split('\n').length }).toEqual({ status: 0, lines: 2 });
    expect(stderr).toContain('--store names another file');
  });
});
