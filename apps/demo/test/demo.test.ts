import { startDatacomsysSandbox } from '@x/datacomsys-auth/sandbox';
import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { describe, expect, test, vi } from 'vitest';

import { unusedPort } from '../../../packages/auth-core/test/helpers/loopback-server.ts';
import { runInChild } from './run-in-child.ts';

// Child processes are slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const escape = '\u001B';

describe('with its sandboxes', () => {
  test('with sandboxes every step succeeds, and the last line tells the number of logins at each vendor', async () => {
    const { status, stdout, stderr, lastLine } = await runInChild();
    expect({ status, stderr, lastLine }).toEqual({ status: 0, stderr: '', lastLine: 'eSignon saw 6 logins, DataComSys saw 5 logins' });
    expect(stdout).not.toContain('✗');
    expect(stdout).not.toContain('skipped');
    for (const shown of ['"sandbox"', '"Port de Montpellier"', 'INVALID_CREDENTIALS', 'COOLING_DOWN', '로그인 정보가 정확하지 않습니다.']) {
      expect(stdout).toContain(shown);
    }
  });

  test('a pipe gets plain text of at most 80 columns, coloured only with FORCE_COLOR', async () => {
    const [plain, coloured] = await Promise.all([runInChild(), runInChild([], { FORCE_COLOR: '1' })]);
    expect(plain.stdout).not.toContain(escape);
    expect(plain.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(coloured.stdout).toContain(escape);
    expect(coloured.status).toBe(0);
  });

  test('--json prints one document with every step, its results and the logins', async () => {
    const { status, stdout, stderr } = await runInChild(['--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      failed: 0,
      skipped: 0,
      vendors: [
        { label: 'eSignon', sandbox: true, logins: 6 },
        { label: 'DataComSys', sandbox: true, logins: 5 },
      ],
      steps: [
        {
          id: 'first-call',
          ok: true,
          results: [
            { vendor: 'eSignon', outcome: 'ok', logins: 1 },
            { vendor: 'DataComSys', logins: 1 },
          ],
        },
        { id: 'second-call', ok: true, results: [{ logins: 0 }, { logins: 0 }] },
        { id: 'revoked-token', ok: true, results: [{ logins: 1 }, { logins: 1 }] },
        { id: 'thousand-callers', ok: true, results: [{ logins: 1 }, { logins: 1 }] },
        { id: 'wrong-password', ok: true, results: [{ logins: 1 }, { logins: 1 }] },
        { id: 'cooldown', ok: true, results: [{ logins: 0 }, { logins: 1 }, { logins: 0 }, { logins: 1 }] },
        { id: 'refresh-ahead', ok: true, results: [{ logins: 1 }, { logins: 0 }] },
      ],
    });
  });
});

describe('with credentials in the environment', () => {
  test('with credentials the real vendors are called, and what only a sandbox can show is skipped', async () => {
    await using esignon = await startEsignonSandbox({ basePath: '/behind/a/prefix' });
    await using datacomsys = await startDatacomsysSandbox({ basePath: '/behind/a/prefix' });
    const { status, stdout, lastLine } = await runInChild([], {
      ESIGNON_COMPANY_ID: esignon.accounts[0].companyId,
      ESIGNON_EMAIL: esignon.accounts[0].email,
      ESIGNON_PASSWORD: esignon.accounts[0].password,
      ESIGNON_BASE_URL: esignon.url,
      DATACOMSYS_BASE_URL: `${datacomsys.url}/`,
      DATACOMSYS_CODE_PORT: datacomsys.accounts[0].codePort,
      DATACOMSYS_ID_ERP: String(datacomsys.accounts[0].idERP),
      DATACOMSYS_PASSWORD: datacomsys.accounts[0].password,
    });
    expect({ status, lastLine }).toEqual({ status: 0, lastLine: 'eSignon was sent 2 logins, DataComSys was sent 2 logins' });
    expect([esignon.logins, datacomsys.logins]).toEqual([2, 2]);
    expect(stdout).toContain('skipped: a wrong password is never tried on a real vendor');
    expect(stdout).not.toContain(esignon.accounts[0].password);
  });

  test('a password that a real vendor refuses is sent only once', async () => {
    await using esignon = await startEsignonSandbox();
    const { status, stdout, lastLine } = await runInChild([], {
      ESIGNON_COMPANY_ID: esignon.accounts[0].companyId,
      ESIGNON_EMAIL: esignon.accounts[0].email,
      ESIGNON_PASSWORD: 'a-wrong-password',
      ESIGNON_BASE_URL: esignon.url,
    });
    expect({ status, lastLine }).toEqual({ status: 1, lastLine: 'eSignon was sent 1 login, DataComSys saw 5 logins' });
    expect(esignon.logins).toBe(1);
    expect(stdout).toContain('INVALID_CREDENTIALS');
    expect(stdout).not.toContain('a-wrong-password');
  });

  test('a vendor that cannot be reached makes the demo fail, but the other one is still shown', async () => {
    const { status, stdout } = await runInChild(['--json'], {
      ESIGNON_COMPANY_ID: 'a-company',
      ESIGNON_EMAIL: 'api@esignon.example',
      ESIGNON_PASSWORD: 'a-password',
      ESIGNON_BASE_URL: `http://127.0.0.1:${await unusedPort()}`,
    });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      failed: 1,
      vendors: [{ sandbox: false }, { sandbox: true, logins: 5 }],
      steps: { 0: { ok: false, results: [{ outcome: 'failed', code: 'NETWORK' }, { outcome: 'ok' }] } },
    });
    expect(stdout).not.toContain('a-password');
  });

  test('incomplete credentials are an error that names what is missing', async () => {
    const env = { DATACOMSYS_PASSWORD: 'a-password' };
    const [text, json] = await Promise.all([runInChild([], env), runInChild(['--json'], env)]);
    expect([text.status, json.status]).toEqual([1, 1]);
    expect(text.stderr).toMatch(/DATACOMSYS_BASE_URL, DATACOMSYS_CODE_PORT, DATACOMSYS_ID_ERP\n$/);
    expect(JSON.parse(json.stdout)).toEqual({ ok: false, error: expect.stringContaining('DATACOMSYS_BASE_URL') });
  });
});

describe('its command line', () => {
  test('--help prints the help and runs nothing', async () => {
    const { status, stdout } = await runInChild(['--help']);
    expect(status).toBe(0);
    for (const word of ['--json', 'Exit status', 'ESIGNON_PASSWORD', 'NO_COLOR']) expect(stdout).toContain(word);
  });

  test.each([['--colour'], ['fast']])('the unknown argument %s is an error with exit status 2', async (argument) => {
    const { status, stdout, stderr } = await runInChild([argument]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`'${argument}'`);
    expect(stderr).toContain('--help');
  });
});
