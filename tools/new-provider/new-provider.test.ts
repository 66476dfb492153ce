import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Edit, parcelbox } from './parcelbox.ts';
import { checkName } from './rename.ts';
import { copyRepository, countWritten, type RepositoryCopy } from './repository-copy.ts';

const dir = 'packages/parcelbox-auth';
/** The most that a person should have to write for a new vendor. */
const MOST_LINES = 60;

let copy: RepositoryCopy;
beforeAll(() => {
  copy = copyRepository();
}, 60_000);
afterAll(() => copy[Symbol.dispose]());

const generate = (...name: string[]) => copy.run('tools/new-provider/main.ts', ...name);
const runSuite = () => copy.run('node_modules/vitest/vitest.mjs', 'run', dir);
const compile = () => copy.run('node_modules/typescript/bin/tsc', '-b', dir);
/** The rules that a package breaks, each with its place below the package's folder. */
function violations(of: string): string[] {
  const lines = copy
    .run('tools/check-rules/main.ts')
    .output.split('\n')
    .filter((line) => line.startsWith(`${of}/`));
  return lines.map((line) => line.slice(of.length + 1));
}

function apply({ path, from, to }: Edit): void {
  const file = join(copy.root, dir, path);
  const text = readFileSync(file, 'utf8');
  if (typeof from === 'string' ? !text.includes(from) : !from.test(text)) throw new Error(`${path} no longer has ${String(from)}`);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
}

const before = (): string => join(copy.root, 'as-generated');

describe('pnpm new-provider', () => {
  it.each([undefined, '', 'Acme', '1st', 'a/b', '../up', 'a--b', 'acme-auth', 'auth-store'])(
    'refuses %o as a name and says what one looks like',
    (name) => {
      expect(() => checkName(name)).toThrow(/expected the name|leave "auth" out/);
    },
  );

  it('makes a package that compiles and is known to the compiler and the next release', () => {
    expect(generate('parcelbox')).toMatchObject({ status: 0 });
    copy.install(dir, 'packages/datacomsys-auth');
    cpSync(join(copy.root, dir), before(), { recursive: true, filter: (path) => !path.includes('node_modules') });
    expect(compile()).toEqual({ status: 0, output: '' });
    for (const config of ['tsconfig.json', 'tsconfig.tests.json']) expect(readFileSync(join(copy.root, config), 'utf8')).toContain(dir);
    expect(readFileSync(join(copy.root, '.changeset/parcelbox-auth.md'), 'utf8')).toContain("'@x/parcelbox-auth': minor");
  }, 60_000);

  it('leaves no trace of the vendor that it copied from', () => {
    const paths = globSync('**/*', { cwd: before(), withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = paths.map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'utf8')}`);
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.join('\n')).not.toMatch(/datacomsys|\bcodePort\b|\bidERP\b|plaisancier|\bacme/i);
  });

  it('overwrites nothing', () => {
    const { status, output } = generate('parcelbox');
    expect(status).toBe(1);
    expect(output).toContain('exists already');
  });

  it('makes a contract suite that fails and says what to fill in next', () => {
    const { status, output } = runSuite();
    expect(status).toBe(1);
    expect(output).toContain('Fill in: src/login.ts, loginRequest: the path of the login');
    expect(violations(dir)).toContainEqual(expect.stringMatching(/is-rejection\.ts:\d+ \[filled-in\]/));
  }, 60_000);

  it('says what comes next when a part is filled in', () => {
    for (const edit of parcelbox.filter(({ path }) => path === 'src/login.ts')) apply(edit);
    expect(runSuite()).toEqual({ status: 1, output: expect.stringContaining('Fill in: src/sandbox/answers.ts, isLogin') });
  }, 60_000);

  it(`takes at most ${MOST_LINES} written lines to keep the contract and every rule`, () => {
    for (const edit of parcelbox.filter(({ path }) => path !== 'src/login.ts')) apply(edit);
    rmSync(join(copy.root, dir, 'src/fill-in.ts'));
    expect(runSuite()).toEqual({ status: 0, output: expect.stringContaining('passed') });
    expect(compile()).toEqual({ status: 0, output: '' });
    // What the model itself breaks it hands on.
    const handedOn = new Set(violations('packages/datacomsys-auth'));
    expect(violations(dir).filter((violation) => !handedOn.has(violation))).toEqual([]);
    cpSync(join(copy.root, dir), join(copy.root, 'as-filled-in'), {
      recursive: true,
      filter: (path) => !/node_modules|dist|\.tsbuild/.test(path),
    });
    const lines = countWritten(before(), join(copy.root, 'as-filled-in'));
    console.log(`from new-provider to a passing contract suite: ${lines} lines written by hand`);
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThanOrEqual(MOST_LINES);
  }, 60_000);
});
