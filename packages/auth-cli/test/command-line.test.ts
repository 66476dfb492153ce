import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { commands } from '../src/commands.ts';
import { helpOfAll } from '../src/help.ts';
import { tellInstalled } from '../src/vendors.ts';
import { type Machine, makeMachine } from './helpers/shell.ts';

let machine: Machine;
beforeAll(() => void (machine = makeMachine()));
afterAll(() => machine[Symbol.dispose]());

it.each([
  [['esignon'], 'which command for esignon?'],
  [['nobody'], 'expected vendor-auth <vendor> <command>. Vendors: installed are datacomsys, esignon. Commands: check,'],
  [['esignon', 'shout'], 'no command "shout"'],
  [['nobody', 'check'], 'no vendor "nobody": installed are datacomsys, esignon'],
  [['../../x', 'check'], 'no vendor "../../x"'],
  [['esignon', 'check', '--port', '1'], 'check has no option --port'],
  [['esignon', 'check', '--prot', '1'], "Unknown option '--prot'"],
  [['esignon', 'check', 'now'], 'check takes nothing behind it'],
  [['esignon', 'check', '--lang', 'de'], '--lang: expected en, ko, ja, fr'],
  [['esignon', 'check', '--env-file', 'nowhere'], 'nowhere cannot be read (ENOENT)'],
])('%j is status 2 and says what is wrong', async (args, message) => {
  expect(await machine.run(args)).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
});

it('the help of everything, and that of each command, fits a screen of 24 lines', async () => {
  const pages = [['--help'], ...Object.keys(commands).map((name) => ['esignon', name, '--help'])];
  for (const args of pages) {
    const { stdout, status } = await machine.run(args);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    const width = Math.max(...lines.map(({ length }) => length));
    expect({ args, fits: lines.length <= 24 && width <= 100 }).toEqual({ args, fits: true });
  }
  const { stdout } = await machine.run(['--help']);
  for (const word of [...Object.keys(commands), 'esignon', 'datacomsys']) expect(stdout).toContain(word);
});

it('a line without any word is answered by the help of everything, as wrong usage', async () => {
  const { stdout } = await machine.run(['--help']);
  expect(await machine.run([])).toEqual({ status: 2, stdout, stderr: '' });
});

it('the help of a command tells the variables of the account, and which of them can be left out', async () => {
  const { stdout } = await machine.run(['esignon', 'check', '--help']);
  expect(stdout).toMatch(/^Usage: vendor-auth <vendor> check \[options\]\n\nLog in once/);
  expect(stdout).toMatch(/ {2}ESIGNON_PASSWORD\n {2}ESIGNON_BASE_URL \(can be left out\)\n$/);
});

it('the help of a command that needs no vendor tells of none, and of no account', async () => {
  const { stdout, status } = await machine.run(['completion', '-h']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: vendor-auth completion <bash\|zsh\|fish> \[options\]\n/);
  expect(stdout).not.toContain('environment variables:');
});

it('where no vendor is installed, help and errors say so, and the help says what to install', () => {
  expect(helpOfAll(commands, [])).toContain('Vendors: none is installed here; npm install @x/<vendor>-auth');
  expect(tellInstalled([])).toBe('no provider package is installed here');
});

it('--version prints the version of the package, wherever it stands', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  for (const args of [['--version'], ['esignon', 'check', '--version']])
    expect(await machine.run(args)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});
