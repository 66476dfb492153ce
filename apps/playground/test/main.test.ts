import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { request } from 'undici';
import { expect, test } from 'vitest';

import { startPlayground } from '../src/start.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const flags = ['--disable-warning=ExperimentalWarning', '--conditions=@x/source'];

async function run(...args: string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...flags, main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, stdout, stderr };
}

test('it prints the address of the page, and ends with Ctrl+C, also while somebody looks at the page', async () => {
  const child = spawn(process.execPath, [...flags, main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]; // the payload of 'data' with an encoding
  const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0] ?? '';
  const { body } = await request(`${url}events`);
  const [hello] = (await once(body.setEncoding('utf8'), 'data')) as [string]; // the same
  expect(hello).toContain('event: hello');
  body.on('error', () => {});
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
});

test('a port that is in use is an error that says what to do', async () => {
  await using running = await startPlayground({ port: 0, traffic: false });
  const { status, stdout, stderr } = await run('--port', new URL(running.url).port);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('give another one with --port');
});

test.each([[['--port', 'high']], [['--port', '70000']], [['--colour']], [['fast']]])('the arguments %j are an error', async (args) => {
  const { status, stdout, stderr } = await run(...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('Try --help.');
});

test('--help prints the help and starts nothing', async () => {
  expect(await run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--port N') });
});
