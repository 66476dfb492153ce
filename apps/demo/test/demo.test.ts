import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { runAct, runDemo } from '../src/demo.ts';
import { columns, createReporter } from '../src/report.ts';
import { openVendors } from '../src/vendors.ts';
import { collectOutput } from './collect-output.ts';
import { runInChild } from './run-in-child.ts';

const escape = '\u001B';
const hangul = '로그인 정보가 정확하지 않습니다.';

test('every step succeeds, and the last line tells the number of logins at each vendor', async () => {
  const { status, stdout, stderr, lastLine } = await runInChild();
  expect({ status, stderr, lastLine }).toEqual({ status: 0, stderr: '', lastLine: 'eSignon saw 6 logins, DataComSys saw 5 logins' });
  expect(stdout).not.toContain('✗');
  for (const shown of ['"sandbox"', '"Port de Montpellier"', 'INVALID_CREDENTIALS', 'COOLING_DOWN', hangul])
    expect(stdout).toContain(shown);
});

test('it shows the code that made the calls, as it stands in its file, and then what to do next', async () => {
  const output = collectOutput(100);
  await runDemo(createReporter(output.stream));
  const source = readFileSync(new URL('../src/esignon.ts', import.meta.url), 'utf8');
  for (const line of source.split('\n')) if (line.length < 90) expect(output.text()).toContain(line);
  expect(source.split('\n').length).toBeLessThan(18);
  expect(output.text().split('What next')[1]).toContain('npx -y pnpm@12 playground');
});

test.each([32, 40, 60, 80, 100, 200])('no line is wider than a terminal of %d columns, in any script', async (width) => {
  const output = collectOutput(width);
  expect(await runDemo(createReporter(output.stream))).toBe(true);
  const lines = output.text().split('\n');
  expect(lines.filter((line) => columns(line) > width)).toEqual([]);
  expect(Math.max(...lines.map((line) => columns(line)))).toBeGreaterThan(Math.min(width, 100) - 12);
});

test('a pipe gets plain text, coloured only with FORCE_COLOR', async () => {
  expect((await runInChild()).stdout).not.toContain(escape);
  expect((await runInChild([], { FORCE_COLOR: '1' })).stdout).toContain(escape);
});

test('a vendor message cannot control the terminal', () => {
  const { stream, text } = collectOutput(80);
  const notes = [`bell\u0007\u009B31m`];
  createReporter(stream).result({ vendor: 'eSignon', ok: true, did: `a ${escape}[2Jname`, notes, logins: 1, duration: 1_234 });
  expect(text()).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text()).toContain('1 login, 1.2 s');
});

describe('an act', () => {
  test.each([
    ['ok if it caused the expected number of logins', 1, true],
    ['not ok if it caused another number of logins', 2, false],
  ])('an act is %s', async (_name, logins, ok) => {
    const [vendor] = await openVendors();
    if (vendor === undefined) throw new Error('there is no vendor');
    const once = async (): Promise<{ did: string; logins: number }> => ({ did: await vendor.connection.askName(), logins });
    expect(await runAct(once, vendor)).toMatchObject({ vendor: 'eSignon', ok, logins: 1 });
  });
});

describe('its command line', () => {
  test('--help prints the help and runs nothing', async () => {
    const { status, stdout } = await runInChild(['--help']);
    expect(status).toBe(0);
    for (const word of ['pnpm demo', 'exit status', 'NO_COLOR']) expect(stdout).toContain(word);
  });

  test.each([['--colour'], ['fast']])('the unknown argument %s is an error with exit status 2', async (argument) => {
    const { status, stdout, stderr } = await runInChild([argument]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`'${argument}'`);
    expect(stderr).toContain('--help');
  });
});
