import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A copy of the repository, removed at the end of the block that holds it. */
export interface RepositoryCopy extends Disposable {
  readonly root: string;
  /** Runs a script or a package's command with this Node in the copy. */
  run(...args: readonly string[]): { status: number | null; output: string };
  /** Makes the dependencies that a new package shares with an existing one known to it, as an installation would. */
  install(dir: string, like: string): void;
}

const repository = realpathSync(join(import.meta.dirname, '../..'));

/** Copies what is, or would be, committed; dependencies are linked, our own packages to the copy. */
export function copyRepository(): RepositoryCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'new-provider-')));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
  });
  for (const path of listed.split('\0')) {
    if (path !== '' && existsSync(join(repository, path))) cpSync(join(repository, path), join(root, path));
  }
  for (const modules of ['node_modules', ...globSync('{packages,apps,tools}/*/node_modules', { cwd: repository })])
    linkModules(root, modules, modules);
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  return {
    root,
    run: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      return { status, output: stdout + stderr };
    },
    install: (dir, like) => linkModules(root, `${like}/node_modules`, `${dir}/node_modules`),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function linkModules(root: string, from: string, to: string): void {
  for (const name of packagesIn(join(repository, from))) {
    const target = realpathSync(join(repository, from, name));
    const isOurs = !target.includes('node_modules');
    const link = join(root, to, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(isOurs ? join(root, relative(repository, target)) : target, link);
  }
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name]));
}

/** How many lines a folder has that another one, file by file, has not. */
export function countWritten(before: string, after: string): number {
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--numstat', before, after], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .reduce((sum, line) => sum + Number(line.split('\t')[0]), 0);
}
