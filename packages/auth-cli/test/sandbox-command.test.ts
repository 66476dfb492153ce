import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseFault } from '../src/sandbox-fault.ts';
import { startCommand, type StartedSandbox } from './helpers/command.ts';
import { freePort } from './helpers/free-port.ts';
import { type Machine, makeMachine } from './helpers/shell.ts';

let machine: Machine;
beforeAll(() => void (machine = makeMachine()));
afterAll(() => machine[Symbol.dispose]());

describe('--fail', () => {
  it.each([
    ['503', { fault: { status: 503 }, times: 1, on: 'any' }],
    ['429,retry-after=7,times=3,on=login', { fault: { status: 429, retryAfter: 7 }, times: 3, on: 'login' }],
    ['slow=2000,on=call', { fault: { slow: 2000 }, times: 1, on: 'call' }],
    ['reset,times=always', { fault: 'reset', times: Number.POSITIVE_INFINITY, on: 'any' }],
  ])('understands %s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each([
    '',
    '99',
    '999',
    'slow',
    'slow=-1',
    'broken',
    'reset,retry-after=1',
    '503,retry-after=soon',
    '503,times=0',
    '503,on=lunch',
    '503,when=now',
    '503,times=1,times=2',
  ])('refuses %j and says what it takes', async (text) => {
    const { status, stdout, stderr } = await machine.run(['esignon', 'sandbox', '--fail', text]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('expected a status (503), slow=<ms>, silent, reset');
  });
});

it.each([
  ['esignon', /^ESIGNON_BASE_URL=http:\/\/127\.0\.0\.1:\d+\nESIGNON_COMPANY_ID=sandbox\nESIGNON_EMAIL=\S+\nESIGNON_PASSWORD=\S+\n$/],
  [
    'datacomsys',
    /^DATACOMSYS_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/logapass\nDATACOMSYS_CODE_PORT=MTP\nDATACOMSYS_ID_ERP=15\nDATACOMSYS_PASSWORD=\S+\n$/,
  ],
])('the sandbox of %s prints the environment that an application needs', async (vendor, expected) => {
  const { status, stdout, stderr } = await machine.run([vendor, 'sandbox'], { signal: AbortSignal.abort() });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(expected);
});

/** What a sandbox writes while it is asked until it answers. */
async function outputWhileAsked(...more: string[]): Promise<{ stdout: string; stderr: string; port: number }> {
  const port = await freePort();
  const ctrlC = new AbortController();
  const ended = machine.run(['esignon', 'sandbox', '--port', String(port), ...more], { now: () => 0, signal: ctrlC.signal });
  const ask = async () => (await request(`http://127.0.0.1:${port}/api/v2/company`, { reset: true }).catch(() => undefined))?.statusCode;
  await expect.poll(ask, { timeout: 30_000 }).toBe(200);
  ctrlC.abort();
  const { status, stdout, stderr } = await ended;
  expect(status).toBe(0);
  return { stdout, stderr, port };
}

it('a terminal gets a line of text for each request', async () => {
  const { stderr } = await outputWhileAsked('--fail', 'reset', '--revoke-every', '1');
  expect(stderr).toMatch(
    /^1970-01-01T00:00:00\.000Z GET \/api\/v2\/company no answer\n1970-01-01T00:00:00\.000Z GET \/api\/v2\/company 200\n$/,
  );
});

it('a program gets the account as one object with --json, and an object for each request', async () => {
  const { stdout, stderr, port } = await outputWhileAsked('--json');
  const url = `http://127.0.0.1:${port}`;
  expect(JSON.parse(stdout)).toEqual({ url, env: expect.objectContaining({ ESIGNON_BASE_URL: url, ESIGNON_COMPANY_ID: 'sandbox' }) });
  expect(JSON.parse(stderr)).toEqual({ time: '1970-01-01T00:00:00.000Z', method: 'GET', path: '/api/v2/company', status: 200 });
});

it('every request is a line, with its status and without its secrets, also where a fault had it fail', async () => {
  const sandbox = await startCommand<StartedSandbox>(
    ['esignon', 'sandbox', '--fail', '503,times=2,on=call', '--fail', 'reset,on=login'],
    {},
  );
  const { url, env } = sandbox.started;
  const login = { header: { request_code: '1001Q' }, body: { memb_email: env['ESIGNON_EMAIL'], memb_pwd: env['ESIGNON_PASSWORD'] } };
  const logIn = () =>
    request(`${url}/api/sandbox/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(login) });
  const callFor = async () => (await request(`${url}/api/v2/company`)).statusCode;
  await expect(logIn()).rejects.toThrow();
  expect([await callFor(), await callFor(), await callFor()]).toEqual([503, 503, 200]);
  const answer = await (await logIn()).body.json();
  expect(answer).toMatchObject({ header: { result_code: '00' } });
  const { code, stderr } = await sandbox.end('SIGTERM');
  expect(code).toBe(0);
  const lines = stderr
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const exchange = (method: string, path: string, status?: number) => ({
    time: expect.any(String),
    method,
    path,
    ...(status === undefined ? {} : { status }),
  });
  const company = '/api/v2/company';
  const [failed, ...rest] = [
    exchange('POST', '/api/sandbox/login'),
    exchange('GET', company, 503),
    exchange('GET', company, 503),
    exchange('GET', company, 200),
  ];
  expect(lines).toEqual([failed, ...rest, exchange('POST', '/api/sandbox/login', 200)]);
  expect(stderr).not.toContain(env['ESIGNON_PASSWORD']);
});

it.each([
  ['one session for an account ends with the next login', ['--single-session'], [true, true, false]],
  ['tokens are revoked after every so many requests', ['--revoke-every', '3'], [true, true, false]],
])('%s', async (_name, flags, expected) => {
  await using sandbox = await startCommand<StartedSandbox>(['datacomsys', 'sandbox', ...flags], {});
  const { url, env } = sandbox.started;
  const account = { codePort: env['DATACOMSYS_CODE_PORT'], idERP: Number(env['DATACOMSYS_ID_ERP']), password: env['DATACOMSYS_PASSWORD'] };
  const logIn = async () => (await request(`${url}/Auth/Login`, { method: 'POST', body: JSON.stringify(account) })).body.json();
  // What the sandbox answers to a login.
  const { data } = (await logIn()) as { data: { token: string } };
  const isAccepted = async () => (await request(`${url}/account`, { headers: { authorization: data.token } })).statusCode === 200;
  const seen = [await isAccepted(), await isAccepted()];
  if (flags.includes('--single-session')) await logIn();
  expect([...seen, await isAccepted()]).toEqual(expected);
});

it('--revoke-every takes a number of requests', async () => {
  const { status, stderr } = await machine.run(['esignon', 'sandbox', '--revoke-every', '0']);
  expect([status, stderr]).toEqual([2, 'vendor-auth: --revoke-every: expected a number of requests\n']);
});
