import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './run.ts';

/** The root of the repository. */
export const repository: string = realpathSync(join(import.meta.dirname, '../..'));

/** A new empty directory. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'vendor-auth-'));
}

/** Removes a directory with all that came to be in it. */
export function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** The files that are, or would be, committed, by their paths below the root. */
export async function listFiles(root: string = repository): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = await run('git', args, { cwd: root, timeout: 60_000 });
  return listed.split('\0').filter((path) => path !== '' && statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true);
}

/** Copies what is, or would be, committed into a directory, less what is not wanted. Without `node_modules`: what happens in the copy must not reach ours. */
export async function copyRepository(into: string, isWanted: (path: string) => boolean = () => true): Promise<readonly string[]> {
  const paths = (await listFiles()).filter(isWanted);
  for (const path of paths) cpSync(join(repository, path), join(into, path));
  return paths;
}

/** What a manifest says of a package. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function readManifest(directory: string): Manifest {
  // A manifest of this repository: its shape is pnpm's to check.
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}
