import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

import { startEsignonSandbox } from '@x/esignon-auth/sandbox';
import { expect, it } from 'vitest';

import { hasProgram } from './helpers/has-program.ts';
import { makeMachine } from './helpers/shell.ts';

const main = join(import.meta.dirname, '../src/main.ts');

/** Gives a program a terminal, types a line whenever it asks something, and writes what the screen shows to stdout. */
const driver = `
import os, pty, sys
answers = sys.argv[1].split('|')
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b''
asked = 0
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    while asked < len(answers) and shown.count(b'_PASSWORD: ') + shown.count(b'_EMAIL: ') > asked:
        os.write(fd, (answers[asked] + '\\r').encode())
        asked += 1
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

it.skipIf(!hasProgram('python3'))(
  'at a terminal, what is missing is asked for, and a password is not shown while it is typed',
  async () => {
    await using sandbox = await startEsignonSandbox();
    const [{ companyId, email, password }] = sandbox.accounts;
    const { PATH } = process.env;
    const env = { PATH, TERM: 'xterm', NO_COLOR: '1', ESIGNON_BASE_URL: sandbox.url, ESIGNON_COMPANY_ID: companyId };
    using machine = makeMachine();
    const command = [process.execPath, '--conditions=@x/source', main, 'esignon', 'check', '--store', machine.storeFile];
    const child = spawn('python3', ['-c', driver, `${email}|${password}`, ...command], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const screen = stripVTControlCharacters(await text(child.stdout));
    expect(screen).toContain(`ESIGNON_EMAIL: ${email}`);
    expect(screen).toContain('This account works.');
    expect(screen).not.toContain(password);
    expect(sandbox.logins).toBe(1);
  },
);
