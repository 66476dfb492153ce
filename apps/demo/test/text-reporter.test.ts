import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { columns, createTextReporter, type Result, type Summary } from '../src/report.ts';
import { firstCall } from '../src/steps.ts';
import { collectFromTerminal, collectOutput } from './collect-output.ts';

const escape = '\u001B';
const summary: Summary = { ok: true, failed: 0, skipped: 0, vendors: [{ label: 'eSignon', url: '', sandbox: true, logins: 1 }] };
const result: Result = { vendor: 'eSignon', outcome: 'ok', did: 'done', notes: [], logins: 1, duration: 1_234 };

beforeEach(() => {
  for (const name of ['CI', 'FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});
afterEach(() => vi.unstubAllEnvs());

function printToTerminal(): string {
  const { stream, text } = collectFromTerminal();
  createTextReporter(stream).end(summary);
  return text();
}

function printResult(shown: Partial<Result>): string {
  const { stream, text } = collectOutput();
  createTextReporter(stream).result({ ...result, ...shown }, firstCall);
  return text();
}

describe('colour', () => {
  test('output to a terminal is coloured', () => expect(printToTerminal()).toContain(escape));

  test.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('output is not coloured with %s=%s', (name, value) => {
    vi.stubEnv(name, value);
    expect(printToTerminal()).not.toContain(escape);
    expect(printToTerminal()).toContain('eSignon saw 1 login\n');
  });
});

describe('a result', () => {
  test('a result fits into 80 columns, also with a long vendor message in any script', () => {
    const printed = printResult({ did: 'a name '.repeat(30), notes: ['로그인 정보가 정확하지 않습니다. '.repeat(9)] });
    expect(Math.max(...printed.split('\n').map((line) => columns(line)))).toBeLessThanOrEqual(80);
  });

  test('a vendor message cannot control the terminal', () => {
    const printed = printResult({ did: `a ${escape}[2Jname`, notes: [`bell\u0007\u009B31m`] });
    expect(printed).not.toMatch(/[^\P{Cc}\n]/u);
    expect(printed).toContain('name');
  });

  test('a result tells its outcome, the number of logins and the duration', () => {
    expect(printResult({ outcome: 'failed' })).toMatch(/✗ eSignon +done +1 login +1\.2 s\n$/);
    expect(printResult({ logins: 0, duration: 0.04 })).toMatch(/✓ eSignon +done +no login +<0\.1 ms\n$/);
    expect(printResult({ outcome: 'skipped', did: 'for a reason' })).toMatch(/– eSignon +skipped: for a reason\n$/);
  });
});

test('the text report tells of logins outside of the steps', () => {
  const { stream, text } = collectOutput();
  createTextReporter(stream).end({ ...summary, ok: false });
  expect(text()).toContain('There were logins outside of the steps.');
});
