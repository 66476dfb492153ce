import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { commands } from '../src/commands.ts';
import { completionScripts } from '../src/completion-scripts.ts';
import { suggest } from '../src/completion.ts';
import { hasProgram } from './helpers/has-program.ts';
import { makeMachine } from './helpers/shell.ts';

const words = (...line: string[]): string[] => suggest(line, commands, ['acme', 'esignon']).map(({ word }) => word);
const ofVendor = Object.keys(commands).filter((name) => commands[name]?.scope === 'vendor');

describe('what can stand where the cursor is', () => {
  it.each([
    [[''], ['acme', 'esignon', 'completion']],
    [['e'], ['esignon']],
    [['esignon', ''], ofVendor],
    [['esignon', 'sa'], ['sandbox']],
    [['unknown', 'pro'], ['proxy']],
    [['--store', 'tokens.db', 'esignon', 'pro'], ['proxy']],
    [['--json', 'esignon', 'pro'], ['proxy']],
    [['esignon', 'proxy', '--p'], ['--port']],
    [['esignon', 'proxy', '--port', '80', '--p'], []],
    [['esignon', 'proxy', '--allow', 'GET /a', '--al'], ['--allow']],
    [
      ['esignon', 'check', '--lang', ''],
      ['en', 'ko', 'ja', 'fr'],
    ],
    [['esignon', 'check', '--lang', 'k'], ['ko']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('%j: %j', (line, expected) => {
    expect(words(...line)).toEqual(expected);
  });

  it.each([
    ['the value of a flag that only the user knows', ['esignon', 'proxy', '--key-file', '']],
    ['behind a command that takes nothing', ['esignon', 'proxy', '']],
    ['a name that every object has', ['esignon', 'constructor', '']],
  ])('nothing: %s', (_name, line) => {
    expect(words(...line)).toEqual([]);
  });

  it('behind a command its own flags and those of every command, and no other', () => {
    expect(words('esignon', 'proxy', '--')).toEqual(expect.arrayContaining(['--port', '--key-file', '--json', '--help']));
    expect(words('esignon', 'proxy', '--')).not.toContain('--single-session');
  });
});

it('each shell gets its script', async () => {
  using machine = makeMachine();
  for (const [shell, script] of Object.entries(completionScripts)) {
    expect(await machine.run(['completion', shell])).toEqual({ status: 0, stdout: `${script}\n`, stderr: '' });
  }
});

it.each([
  [['esignon', 'sa'], /^sandbox\t\S[^\n]*\n$/],
  [['esignon', 'check', '--ye'], /^--yes\t\S[^\n]*\n$/],
  [[], /^datacomsys\t[^\n]*\nesignon\t[^\n]*\ncompletion\t[^\n]*\n$/],
])('a shell gets what can stand for the last of %j, each word with what it does', async (line, expected) => {
  using machine = makeMachine();
  const { status, stdout } = await machine.run(['completion', 'words', '--', ...line]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(expected) });
});

it('another shell than bash, zsh and fish is wrong usage', async () => {
  using machine = makeMachine();
  expect(await machine.run(['completion', 'tcsh'])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'vendor-auth: completion: expected bash, zsh or fish\n',
  });
});

/** A folder in which a shell finds `vendor-auth`. */
const folder = mkdtempSync(join(tmpdir(), 'auth-cli-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = join(folder, 'vendor-auth');
writeFileSync(
  program,
  `#!/bin/sh\nexec '${process.execPath}' --conditions=@x/source '${join(import.meta.dirname, '../src/main.ts')}' "$@"\n`,
);
chmodSync(program, 0o755);
const env = { PATH: [folder, process.env['PATH']].join(delimiter), HOME: folder };

/** What a shell does before it shows what it found, as its manual tells. */
const asked: Readonly<Record<keyof typeof completionScripts, (shell: string, line: readonly string[]) => string>> = {
  bash: (code, line) =>
    `${code}\nCOMP_WORDS=(vendor-auth ${quoted(line)}); COMP_CWORD=${line.length}; _vendor_auth; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (code, line) =>
    `compdef() { :; }; _files() { print FILES; }; _describe() { print -l -- "\${(@P)2}" }\n${code}\nwords=(vendor-auth ${quoted(line)}); CURRENT=${line.length + 1}; _vendor_auth`,
  fish: (code, line) => `${code}\ncomplete -C 'vendor-auth ${line.join(' ')}'`,
};

function quoted(line: readonly string[]): string {
  return line.map((word) => `'${word}'`).join(' ');
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const complete = (...line: string[]): string[] => {
    const { stdout, stderr } = spawnSync(shell, ['-c', asked[shell](completionScripts[shell], line)], {
      env,
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((found) => found !== '');
  };

  it.runIf(hasProgram(shell))(`completes commands and flags (${shell})`, () => {
    expect(complete('esignon', 'sa').map((line) => line.split(/[\t:]/)[0])).toEqual(['sandbox']);
    expect(complete('esignon', 'proxy', '--po').map((line) => line.split(/[\t:]/)[0])).toEqual(['--port']);
  });
});
