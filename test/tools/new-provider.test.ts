import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { copyRepository, remove, repository, temporaryDirectory } from '../packages/repository.ts';
import { readArguments } from '../../tools/new-provider/options.ts';
import { apply, fillInPackage } from './author.ts';
import { lockers, parcelbox } from './parcelbox.ts';

const dir = 'packages/parcelbox-auth';
/** The most that a person should have to write for a new vendor. */
const mostLines = 60;

/** Every choice at least once. */
const shapes = [
  ['--login=json', '--lifetime=told'],
  ['--login=form', '--lifetime=unknown', '--token-header=X-Locker'],
  ['--login=basic', '--lifetime=jwt'],
  ['--login=get', '--lifetime=none', '--token-header=x-sid'],
].map((flags, index) => ({ flags, vendor: `shape-${index}`, folder: `packages/shape-${index}-auth` }));

const root = temporaryDirectory();
const before = join(root, 'as-generated');
/** What is committed, with the dependencies that are installed here. */
beforeAll(async () => {
  await copyRepository(root);
  for (const modules of ['node_modules', ...globSync('{packages,tools,test}/*/node_modules', { cwd: repository })]) {
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

const runTests = (...paths: readonly string[]): ReturnType<typeof run> => run('node_modules/vitest/vitest.mjs', 'run', ...paths);
const lint = (...paths: readonly string[]): ReturnType<typeof run> => run('node_modules/oxlint/bin/oxlint', '--deny-warnings', ...paths);
const compile = (project: string): ReturnType<typeof run> => {
  const alone = ['--noEmit', '--composite', 'false', '--customConditions', 'none'];
  return run('node_modules/typescript/bin/tsc', '--project', project, ...alone);
};

function generate(vendor: string, ...flags: readonly string[]): ReturnType<typeof run> {
  const result = run('tools/new-provider/main.ts', vendor, ...flags);
  if (result.status === 0) {
    symlinkSync(join(repository, 'packages/datacomsys-auth/node_modules'), join(root, `packages/${vendor}-auth/node_modules`));
  }
  return result;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** How many lines the package has that it had not when it was generated. */
function countWritten(): number {
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--numstat', before, join(root, dir, 'src')], { encoding: 'utf8' });
  return [...stdout.matchAll(/^\d+/gm)].reduce((sum, [added]) => sum + Number(added), 0);
}

describe('the arguments of new-provider', () => {
  it.each(['', 'Acme', '1st', 'a/b', '../up', 'a--b', 'acme-auth', 'auth-store'])('"%s" is no name of a vendor', (name) => {
    expect(() => readArguments([name])).toThrow(/expected the name of the vendor|leave "auth" out/);
  });

  it.each([
    [[], 'expected the name of the vendor'],
    [['acme', 'other'], 'not also other'],
    [['acme', '--header', 'x-token'], "Unknown option '--header'"],
    [['acme', '--login', 'soap'], '--login soap: expected json, form, basic, get'],
    [['acme', '--lifetime', '1h'], '--lifetime 1h: expected told, unknown, jwt, none'],
    [['acme', '--token-header', 'a b'], 'expected the name of a header'],
    [['acme', '--token-header', 'Authorization'], 'this is the default'],
    [['acme', '--token-header', 'Cookie'], 'a cookie has a name of its own'],
  ])('new-provider %j stops with a reason and shows what can be given', (args, reason) => {
    expect(() => readArguments(args)).toThrow(reason);
    expect(() => readArguments(args)).toThrow('pnpm new-provider <name> [--login json|form|basic|get]');
  });
});

describe('pnpm new-provider', () => {
  it('makes a package that compiles and is known to the compiler, to the size check and to the next release', () => {
    expect(generate('parcelbox')).toMatchObject({ status: 0 });
    cpSync(join(root, dir, 'src'), before, { recursive: true });
    expect(compile(dir)).toEqual({ status: 0, output: '' });
    for (const config of ['tsconfig.json', 'tsconfig.tests.json']) {
      expect(readJson(config)).toMatchObject({ references: expect.arrayContaining([{ path: dir }]) });
    }
    expect(readJson('.size-limit.json')).toContainEqual(expect.objectContaining({ import: '{ createParcelboxTokenProvider }' }));
    expect(readFileSync(join(root, '.changeset/parcelbox-auth.md'), 'utf8')).toContain("'@x/parcelbox-auth': minor");
  }, 60_000);

  it('leaves no trace of the vendor that its template is about, and none of the choices that were not made', () => {
    const paths = [
      ...globSync('*.{md,json}', { cwd: join(root, dir) }),
      ...readdirSync(join(root, dir, 'src')).map((name) => `src/${name}`),
    ];
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) expect(`${path}\n${readFileSync(join(root, dir, path), 'utf8')}`).not.toMatch(/acme|\/\/\?|token-header/i);
  });

  it('overwrites nothing', () => {
    const { status, output } = generate('parcelbox');
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
    for (const edit of parcelbox.filter(([path]) => path === 'src/login.ts')) apply(join(root, dir), edit);
    expect(runTests(dir)).toEqual({ status: 1, output: expect.stringContaining('Fill in: src/sandbox.ts, isLogin') });
  }, 60_000);

  it(`takes at most ${mostLines} written lines to keep the contract and every rule`, () => {
    fillInPackage(
      join(root, dir),
      parcelbox.filter(([path]) => path !== 'src/login.ts'),
    );
    expect(runTests(dir)).toEqual({ status: 0, output: expect.stringContaining('passed') });
    expect(compile(dir)).toEqual({ status: 0, output: '' });
    expect(lint(dir)).toMatchObject({ status: 0 });
    expect(runTests('test/repository/packages', 'test/repository/repository')).toMatchObject({ status: 0 });
    const said = run('tools/api-docs/main.ts', '--check').output.split('\n');
    expect(said.filter((line) => line.startsWith('parcelbox-auth'))).toEqual([]);
    const lines = countWritten();
    console.log(`from new-provider to a passing contract suite: ${lines} lines written by hand`);
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThanOrEqual(mostLines);
  }, 120_000);

  it('makes packages of every shape that compile and keep the rules of the linter', () => {
    for (const { vendor, flags } of shapes) expect(generate(vendor, ...flags)).toMatchObject({ status: 0 });
    const folders = shapes.map(({ folder }) => folder);
    const include = folders.flatMap((folder) => [`${folder}/src`, `${folder}/test`]);
    writeFileSync(join(root, 'tsconfig.shapes.json'), JSON.stringify({ extends: './tsconfig.tests.json', include, references: [] }));
    expect(compile('tsconfig.shapes.json')).toEqual({ status: 0, output: '' });
    expect(lint(...folders)).toMatchObject({ status: 0 });
  }, 60_000);

  it('makes a package with a form login and a header of its own that keeps the contract when it is filled in', () => {
    const [, { folder } = { folder: '' }] = shapes;
    fillInPackage(join(root, folder), lockers);
    expect(runTests(folder)).toEqual({ status: 0, output: expect.stringContaining('passed') });
  }, 60_000);
});
