import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { type PackedPackage, run } from '@x/packed';

const always = ['LICENSE', 'README.md', 'package.json'];
const allowed = /^CHANGELOG\.md$|^README\.[a-z]{2}\.md$/;

/** A tarball holds the build of the sources that there are, its papers, and nothing else. */
export async function checkContents({ directory, tarball }: PackedPackage): Promise<readonly string[]> {
  const listed = await run('tar', ['--list', '--file', tarball], { cwd: directory, timeout: 30_000 });
  const files = listed
    .trim()
    .split('\n')
    .map((line) => line.replace('package/', ''));
  const missing = always.filter((file) => !files.includes(file)).map((file) => `${file} is missing from the tarball`);
  const unexpected = files.filter((file) => !always.includes(file) && !allowed.test(file) && !hasSource(directory, file));
  return [
    ...missing,
    ...unexpected.map((file) => `${file} should not be in the tarball: remove .turbo and every dist and .tsbuild, and build again`),
  ];
}

function hasSource(directory: string, file: string): boolean {
  const stem = /^dist\/(.+?)(?:\.d\.ts|\.js)$/.exec(file)?.[1];
  return stem !== undefined && existsSync(join(directory, 'src', `${stem}.ts`));
}
