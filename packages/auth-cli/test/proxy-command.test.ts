import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';

import { keyFromFile } from '../src/proxy/key-file.ts';
import { type RunningCommand, startCommand, type StartedProxy, type StartedSandbox } from './helpers/command.ts';
import { freePort, occupyPort } from './helpers/free-port.ts';
import { makeMachine } from './helpers/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'auth-cli-proxy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const vendors = [
  { vendor: 'esignon', path: '/api/v2/company', good: '"result_code":"00"', password: 'ESIGNON_PASSWORD' },
  { vendor: 'datacomsys', path: '/account', good: 'Port de Montpellier', password: 'DATACOMSYS_PASSWORD' },
];

function startSandbox(vendor: string, ...flags: string[]): Promise<RunningCommand<StartedSandbox>> {
  return startCommand([vendor, 'sandbox', ...flags], {});
}

interface Answer {
  readonly status: number;
  readonly error: unknown;
  readonly retryAfter: unknown;
  readonly text: string;
}

async function call(url: string, key: string): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, { headers: { authorization: `Bearer ${key}` } });
  return { status: statusCode, error: headers['x-vendor-auth-error'], retryAfter: headers['retry-after'], text: await body.text() };
}

function expectNone(secrets: readonly string[], text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

describe.each(vendors)('the proxy of $vendor', ({ vendor, path, good, password }) => {
  it('needs no further login after it was killed, and keeps the key of its callers', async () => {
    await using sandbox = await startSandbox(vendor);
    const keyFile = join(folder, `${vendor}.key`);
    const flags = [vendor, 'proxy', '--key-file', keyFile, '--store', join(folder, `${vendor}.db`)];
    const first = await startCommand<StartedProxy>(flags, sandbox.started.env);
    const key = readFileSync(keyFile, 'utf8').trim();
    expect(await call(first.started.url + path, key)).toMatchObject({ status: 200, text: expect.stringContaining(good) });
    await first.end('SIGKILL');
    const second = await startCommand<StartedProxy>(flags, sandbox.started.env);
    expect(await call(second.started.url + path, key)).toMatchObject({ status: 200, text: expect.stringContaining(good) });
    const { code, stderr } = await second.end('SIGTERM');
    expect(code).toBe(0);
    expect(stderr).toContain(`"method":"GET","path":"${path}"`);
    expectNone([key, sandbox.started.env[password] ?? ''], stderr + JSON.stringify([first.started, second.started]));
    const { stderr: exchanges } = await sandbox.end('SIGTERM');
    expect(exchanges.match(/login/gi)).toHaveLength(1);
  });

  it('answers with the reason if the vendor refuses the credentials, and does not try them again', async () => {
    await using sandbox = await startSandbox(vendor);
    const env = { ...sandbox.started.env, [password]: 'a mistyped password' };
    await using proxy = await startCommand<StartedProxy>([vendor, 'proxy', '--store', join(folder, `${vendor}-refused.db`)], env);
    const { url, key = '' } = proxy.started;
    expect(await call(url + path, key)).toMatchObject({ status: 502, error: 'INVALID_CREDENTIALS' });
    const again = await call(url + path, key);
    expect(again).toMatchObject({ status: 503, error: 'COOLING_DOWN' });
    expect(again.text).toMatch(/^\{"error":\{"code":"COOLING_DOWN","message":".+"\}\}\n$/);
    expectNone(['a mistyped password'], again.text);
    const { stderr } = await sandbox.end('SIGTERM');
    expect(stderr.match(/login/gi)).toHaveLength(1);
  });
});

describe('vendor-auth esignon proxy', () => {
  const env = { ESIGNON_COMPANY_ID: 'company', ESIGNON_EMAIL: 'a@b.example', ESIGNON_PASSWORD: 'password' };

  it('prints once where it is, the key and a call to try, and ends with Ctrl-C', async () => {
    using machine = makeMachine();
    const ended = AbortSignal.abort();
    const { status, stdout, stderr } = await machine.run(['esignon', 'proxy'], { env, signal: ended });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^eSignon \(https:\/\/docs\.esignon\.net\) at (http:\/\/127\.0\.0\.1:\d+)\nKey, shown this once: (\S{43})\nTry: curl -H "Authorization: Bearer \2" \1\/api\/v2\/company\n$/,
    );
  });

  it('with --json prints one object, for a program', async () => {
    using machine = makeMachine();
    const { stdout } = await machine.run(['esignon', 'proxy', '--json'], { env, signal: AbortSignal.abort() });
    expect(JSON.parse(stdout)).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      baseUrl: 'https://docs.esignon.net',
      key: expect.stringMatching(/^\S{43}$/),
    });
  });

  it('makes a key file that only its owner can read, and prints no key then', async () => {
    using machine = makeMachine();
    const file = join(machine.directory, 'made.key');
    const { stdout } = await machine.run(['esignon', 'proxy', '--key-file', file], { env, signal: AbortSignal.abort() });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, 'utf8');
    expect(key).toMatch(/^[\w-]{43}\n$/);
    expect(stdout).toContain(`Key: in ${file}\n`);
    expectNone([key.trim()], stdout);
  });

  it('takes the key of a file that is there, and leaves the file as it is', () => {
    using machine = makeMachine();
    const file = join(machine.directory, 'given.key');
    const made = keyFromFile(file);
    expect(keyFromFile(file)).toBe(made);
    writeFileSync(file, ` ${'k'.repeat(32)}\n\n`);
    expect(keyFromFile(file)).toBe('k'.repeat(32));
    expect(readFileSync(file, 'utf8')).toBe(` ${'k'.repeat(32)}\n\n`);
  });

  it.each([
    ['that others can read', `${'k'.repeat(32)}\n`, 0o640, /others may use .*chmod 600/],
    ['with a short key', 'short\n', 0o600, /holds no key: expected one line of at least 32/],
    ['with two lines', `${'k'.repeat(32)}\n${'k'.repeat(32)}\n`, 0o600, /holds no key/],
  ])('refuses a key file %s', async (_name, text, mode, message) => {
    using machine = makeMachine();
    const file = join(machine.directory, 'given.key');
    writeFileSync(file, text);
    chmodSync(file, mode);
    const { status, stderr } = await machine.run(['esignon', 'proxy', '--key-file', file], { env });
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expectNone([text.trim()], stderr);
  });

  it.each([
    [['--port', 'abc'], /--port: expected a number/],
    [['--port', '65536'], /--port: expected a number/],
    [['--allow', '/api'], /--allow: expected a method and a path, like 'GET \/api\/v2\/\*', not "\/api"/],
    [['--rejection-budget', 'many'], /--rejection-budget: expected a number/],
    [['--key-file', '/nowhere/at/all'], /--key-file: \/nowhere\/at\/all cannot be used \(ENOENT\)/],
  ])('refuses %j with a message that helps', async (flags, message) => {
    using machine = makeMachine();
    const { status, stdout, stderr } = await machine.run(['esignon', 'proxy', ...flags], { env });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('refuses a key file that is a folder', async () => {
    using machine = makeMachine();
    const { status, stderr } = await machine.run(['esignon', 'proxy', '--key-file', machine.directory], { env });
    expect([status, stderr]).toEqual([2, `vendor-auth: --key-file: ${machine.directory} cannot be used (EISDIR)\n`]);
  });

  describe('until Ctrl-C', () => {
    /** What it writes to stderr while a request without the key, one that may not pass and a good one are made. */
    async function linesOfRequests(...more: string[]): Promise<string> {
      await using sandbox = await startEsignonSandbox();
      using machine = makeMachine();
      const ctrlC = new AbortController();
      const file = join(machine.directory, 'lines.key');
      const key = keyFromFile(file);
      const port = await freePort();
      const [{ companyId, email, password }] = sandbox.accounts;
      const account = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
      const flags = ['--port', String(port), '--key-file', file, '--rejection-budget', '9', '--allow', 'GET /api/*', ...more];
      const ended = machine.run(['esignon', 'proxy', ...flags], { env: account, now: () => 0, signal: ctrlC.signal });
      const ask = async (path: string, headers: Record<string, string>) =>
        (await request(`http://127.0.0.1:${port}${path}`, { headers, reset: true }).catch(() => undefined))?.statusCode;
      const authorization = { authorization: `Bearer ${key}` };
      await expect.poll(() => ask('/api/a?b=c', {}), { timeout: 30_000 }).toBe(401);
      expect([await ask('/b', authorization), await ask('/api/v2/company', authorization)]).toEqual([403, 200]);
      ctrlC.abort();
      const { status, stderr } = await ended;
      expect(status).toBe(0);
      return stderr.replaceAll(/\d+(?= ms)/g, 'N');
    }

    it('writes a line for each request, also for one that it refuses', async () => {
      expect(await linesOfRequests()).toMatch(
        /^(?:1970-01-01T00:00:00\.000Z GET \/api\/a 401 N ms KEY_REQUIRED\n)+1970-01-01T00:00:00\.000Z GET \/b 403 N ms NOT_ALLOWED_HERE\n1970-01-01T00:00:00\.000Z GET \/api\/v2\/company 200 N ms\n$/,
      );
    });

    it('with --json writes an object for each request, with the same in it', async () => {
      const lines = (await linesOfRequests('--json')).trimEnd().split('\n');
      const [refused, passed] = lines.slice(-2).map((line) => JSON.parse(line));
      expect(refused).toEqual({
        time: '1970-01-01T00:00:00.000Z',
        method: 'GET',
        path: '/b',
        status: 403,
        duration: expect.any(Number),
        code: 'NOT_ALLOWED_HERE',
      });
      expect(passed).toEqual({
        time: '1970-01-01T00:00:00.000Z',
        method: 'GET',
        path: '/api/v2/company',
        status: 200,
        duration: expect.any(Number),
      });
    });
  });

  it('says so if the port is in use', async () => {
    using machine = makeMachine();
    const { port, free } = await occupyPort();
    const { status, stderr } = await machine.run(['esignon', 'proxy', '--port', String(port)], { env });
    await free();
    expect([status, stderr]).toEqual([2, `vendor-auth: --port: ${port} is in use by another program\n`]);
  });
});
