import { createServer } from 'node:http';

import { type EsignonSandbox, startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { listenOnLoopback } from '../../../auth-core/test/helpers/loopback-server.ts';
import { observeHeads, type SeenAnswer } from '../../src/check/observe.ts';
import { type Ended, type Machine, makeMachine, type ShellOptions } from '../helpers/shell.ts';

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

function check(options: ShellOptions = {}): Promise<Ended> {
  const [{ companyId, email, password }] = sandbox.accounts;
  const account = { ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId, ESIGNON_EMAIL: email, ESIGNON_PASSWORD: password };
  return machine.run(['esignon', 'check'], { ...options, env: { ...account, ...options.env } });
}

it.each([
  [7_200_000, '+120 min'],
  [-7_200_000, '−120 min'],
])('a clock that is off by %i milliseconds is told with its sign, and stops nothing', async (offset, told) => {
  const { status, stdout } = await check({ now: () => Date.now() + offset });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(`! Clock: ${told}\n`) });
});

it('a password that is not there is told by the name of its variable', async () => {
  const { status, stdout } = await check({ env: { ESIGNON_PASSWORD: undefined } });
  expect({ status, stdout }).toEqual({ status: 2, stdout: expect.stringMatching(/^✗ Options: .*ESIGNON_PASSWORD/) });
});

it('a proxy that is no URL is wrong usage, and nobody is called', async () => {
  const { status, stdout, stderr } = await check({ env: { http_proxy: 'ftp://user:proxy-secret@127.0.0.1' } });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe('vendor-auth: http_proxy: expected a URL like http://proxy.example:3128\n');
  expect(sandbox.requests).toEqual([]);
});

it('an answer to the first call that does not end is judged by its beginning', async () => {
  function* endless(): Generator<Uint8Array> {
    yield Buffer.from('{"header":{"result_code":"00"},"body":"');
    for (;;) yield Buffer.alloc(16_384, 'x');
  }
  sandbox.fail({ answer: () => ({ status: 200, stream: endless() }) }, { times: 1, on: 'call' });
  expect(await check()).toMatchObject({ status: 0, stdout: expect.stringContaining('This account works.') });
});

it('Ctrl-C in the login is told as no answer, and not as something wrong with the account', async () => {
  const ctrlC = new AbortController();
  sandbox.fail('silent', { times: 1, on: 'login' });
  const checked = check({ signal: ctrlC.signal });
  await expect.poll(() => sandbox.requests.length).toBe(1);
  ctrlC.abort();
  const { status, stdout } = await checked;
  expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining('✗ Login: ABORTED\n') });
  expect(stdout).toContain('no answer came in time');
});

it('a check that meets a pause only at its login says until when, and after what', async () => {
  sandbox.fail({ slow: 500 }, { times: 1, on: 'login' });
  const wrong = { env: { ESIGNON_PASSWORD: 'an old one' } };
  const [first, second] = await Promise.all([check(wrong), check(wrong)]);
  const paused = [first, second].find(({ stdout }) => stdout.includes('COOLING_DOWN'));
  expect(paused?.stdout).toMatch(/The account is pausing until 20\S+.*, after INVALID_CREDENTIALS/);
});

it('what a server says before its answer is not taken for the answer', async () => {
  const http = createServer((_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.writeHead(404, { 'content-type': 'text/html' }).end());
  });
  await using server = await listenOnLoopback(http);
  const seen: SeenAnswer[] = [];
  const agent = new Agent();
  const { body } = await request(server.origin, { dispatcher: observeHeads(agent, (answer) => void seen.push(answer)) });
  await body.dump();
  await agent.destroy();
  expect(seen).toEqual([{ status: 404, kind: 'HTML', date: expect.any(Number) }]);
});
