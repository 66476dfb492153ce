import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { freePort } from '../../packages/auth-cli/test/helpers/free-port.ts';
import { hasProgram } from '../../packages/auth-cli/test/helpers/has-program.ts';
import { runShell } from '../../packages/auth-cli/src/run-shell.ts';
import { readDocument } from './documents.ts';

const { blocks } = readDocument('docs/proxy.md');
const folder = mkdtempSync(join(tmpdir(), 'docs-proxy-'));
const ending = new AbortController();
const running: Promise<unknown>[] = [];
/** The ports of the document, and those of this run. */
const ports = new Map<string, string>();

/** The code of a block, with ports that are free here. */
function codeOf(language: string): string[] {
  const withPorts = (code: string): string => code.replace(/\b873\d\b/g, (port) => ports.get(port) ?? port);
  return blocks.filter((block) => block.language === language).map(({ code }) => withPorts(code));
}

/** Runs `npx vendor-auth … > file` until the tests are over. Resolves when it has written its first lines. */
async function start(line: string): Promise<void> {
  const [, args = '', , file] = /^npx vendor-auth (.*?)( > (\S+))?$/.exec(line.trim()) ?? [];
  const began = Promise.withResolvers<void>();
  const write = (...lines: string[]): void => {
    if (file !== undefined) appendFileSync(join(folder, file), lines.map((each) => `${each}\n`).join(''));
    began.resolve();
  };
  const silent = { isTerminal: false, write: () => undefined };
  const failed = { isTerminal: false, write: (...lines: string[]) => began.reject(new Error(lines.join('\n'))) };
  const stderr = args.includes(' sandbox') ? silent : failed;
  const surroundings = { env: {}, cwd: folder, stdout: { isTerminal: false, write }, stderr, signal: ending.signal, now: () => Date.now() };
  running.push(runShell(['--store', join(folder, 'tokens.db'), ...args.split(' ')], surroundings));
  await began.promise;
}

beforeAll(async () => {
  for (const port of ['8730', '8731']) ports.set(port, String(await freePort()));
});
afterAll(async () => {
  ending.abort();
  await Promise.all(running);
  rmSync(folder, { recursive: true });
});

async function run(program: string, ...args: string[]): Promise<string> {
  const child = spawn(program, args, { cwd: folder, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'inherit'] });
  return text(child.stdout);
}

describe('the examples of docs/proxy.md', () => {
  it('call the sandbox through the proxy, from curl, PHP and Python', async () => {
    const lines = codeOf('sh');
    expect(lines).toHaveLength(2);
    for (const line of lines) await start(line);
    const curls = codeOf('bash');
    expect(curls).toHaveLength(2);
    for (const curl of curls) expect(await run('bash', '-c', curl)).toContain('"name":"sandbox"');
    expect(statSync(join(folder, 'vendor.header')).mode & 0o777).toBe(0o600);
    expect(await run('python3', '-c', codeOf('python').join('\n'))).toBe('sandbox\n');
    writeFileSync(join(folder, 'example.php'), codeOf('php').join('\n'));
    if (hasProgram('php')) expect(await run('php', 'example.php')).toBe('sandbox\n');
  });
});
