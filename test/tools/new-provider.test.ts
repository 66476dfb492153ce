import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { copyRepository, remove, repository, temporaryDirectory } from '../packages/repository.ts';
import { checkName } from '../../tools/new-provider/create-provider.ts';
import { type Edit, parcelbox } from './parcelbox.ts';

const dir = 'packages/parcelbox-auth';
/** The most that a person should have to write for a new vendor. */
const MOST_LINES = 60;

const root = temporaryDirectory();
const before = join(root, 'as-generated');
/** What is committed, with the dependencies that are installed here. */
beforeAll(async () => {
  await copyRepository(root);
  for (const modules of ['node_modules', ...globSync('{packages,tools}/*/node_modules', { cwd: repository })]) {
    symlinkSync(join(repository, modules), join(root, modules));
  }
  spawnSync('git', ['init', '--quiet'], { cwd: root });
}, 60_000);
afterAll(() => remove(root));

function run(...args: readonly string[]): { status: number | null; output: string } {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
  return { status, output: stdout + stderr };
}

const generate = (): ReturnType<typeof run> => run('tools/new-provider/main.ts', 'parcelbox');
const runTests = (...paths: readonly string[]): ReturnType<typeof run> => run('node_modules/vitest/vitest.mjs', 'run', ...paths);
const compile = (): ReturnType<typeof run> => {
  const alone = ['--noEmit', '--composite', 'false', '--customConditions', 'none'];
  return run('node_modules/typescript/bin/tsc', '--project', dir, ...alone);
};

function apply([path, from, to]: Edit): void {
  const file = join(root, dir, path);
  const text = readFileSync(file, 'utf8');
  const edited = text.replace(from, () => to);
  expect(edited, `${path} has ${String(from)}`).not.toBe(text);
  writeFileSync(file, edited);
}

/** How many lines the package has that it had not when it was generated. */
function countWritten(): number {
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--numstat', before, join(root, dir, 'src')], { encoding: 'utf8' });
  return [...stdout.matchAll(/^\d+/gm)].reduce((sum, [added]) => sum + Number(added), 0);
}

describe('pnpm new-provider', () => {
  it.each([undefined, '', 'Acme', '1st', 'a/b', '../up', 'a--b', 'acme-auth', 'auth-store'])(
    'refuses %o as a name and says what one looks like',
    (name) => {
      expect(() => checkName(name)).toThrow(/expected the name|leave "auth" out/);
    },
  );

  it('makes a package that compiles and is known to the compiler and the next release', () => {
    expect(generate()).toMatchObject({ status: 0 });
    symlinkSync(join(repository, 'packages/datacomsys-auth/node_modules'), join(root, dir, 'node_modules'));
    cpSync(join(root, dir, 'src'), before, { recursive: true });
    expect(compile()).toEqual({ status: 0, output: '' });
    for (const config of ['tsconfig.json', 'tsconfig.tests.json']) {
      expect(JSON.parse(readFileSync(join(root, config), 'utf8'))).toMatchObject({ references: expect.arrayContaining([{ path: dir }]) });
    }
    expect(readFileSync(join(root, '.changeset/parcelbox-auth.md'), 'utf8')).toContain("'@x/parcelbox-auth': minor");
  }, 60_000);

  it('leaves no trace of the vendor that its template is about', () => {
    const paths = [
      ...globSync('*.{md,json}', { cwd: join(root, dir) }),
      ...readdirSync(join(root, dir, 'src')).map((name) => `src/${name}`),
    ];
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) expect(`${path}\n${readFileSync(join(root, dir, path), 'utf8')}`).not.toMatch(/acme/i);
  });

  it('overwrites nothing', () => {
    const { status, output } = generate();
    expect(status).toBe(1);
    expect(output).toContain('exists already');
  });

  it('makes a contract suite that fails and says what to fill in next', () => {
    const { status, output } = runTests(dir);
    expect(status).toBe(1);
    expect(output).toContain('Fill in: src/login.ts, loginRequest: the path of the login');
    expect(runTests('test/repository/repository').output).toContain(
      `${dir}/src/is-rejection.ts: fillIn('src/is-rejection.ts: by status alone`,
    );
  }, 60_000);

  it('says what comes next when a part is filled in', () => {
    for (const edit of parcelbox.filter(([path]) => path === 'src/login.ts')) apply(edit);
    expect(runTests(dir)).toEqual({ status: 1, output: expect.stringContaining('Fill in: src/sandbox.ts, isLogin') });
  }, 60_000);

  it(`takes at most ${MOST_LINES} written lines to keep the contract and every rule`, () => {
    for (const edit of parcelbox.filter(([path]) => path !== 'src/login.ts')) apply(edit);
    rmSync(join(root, dir, 'src/fill-in.ts'));
    expect(runTests(dir)).toEqual({ status: 0, output: expect.stringContaining('passed') });
    expect(compile()).toEqual({ status: 0, output: '' });
    expect(run('node_modules/oxlint/bin/oxlint', '--deny-warnings', dir)).toMatchObject({ status: 0 });
    expect(runTests('test/repository/packages', 'test/repository/repository')).toMatchObject({ status: 0 });
    const said = run('tools/api-docs/main.ts', '--check').output.split('\n');
    expect(said.filter((line) => line.startsWith('parcelbox-auth'))).toEqual([]);
    const lines = countWritten();
    console.log(`from new-provider to a passing contract suite: ${lines} lines written by hand`);
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThanOrEqual(MOST_LINES);
  }, 120_000);
});
