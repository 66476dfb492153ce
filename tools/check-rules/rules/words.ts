import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

/** Built from parts where the pattern's own text would match itself. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  { pattern: /registry\.(?:npmjs|yarnpkg|npmmirror)\.[a-z]+/gi, message: 'names a registry host' },
  { pattern: /(?<![\w.~/-])\/(?:work|root|tmp|home\/\w+)(?=\/|['"`\s]|$)/gm, message: 'names a path of one machine' },
  { pattern: /\b(?:issues?|tasks?)\s+#?\d+\b/gi, message: 'names an issue or a task by its number' },
  { pattern: new RegExp(['TO', 'DO\\b|FIX', 'ME\\b|not impl', 'emented'].join(''), 'g'), message: 'leaves something for later' },
];
const LOCKFILE = 'pnpm-lock.yaml';

/** What no file of the repository says. */
export function checkWords({ root }: Workspace): Violation[] {
  return listFiles(root).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    if (text.includes('\0')) return [];
    const forbidden =
      path === LOCKFILE ? [{ pattern: /https?:\/\//g, message: 'holds a URL: installs would depend on that host' }] : FORBIDDEN;
    return forbidden.flatMap(({ pattern, message }) =>
      [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
        rule: 'words',
        path,
        line: text.slice(0, index).split('\n').length,
        message: `${message}: ${found.trim()}`,
      })),
    );
  });
}

/** The files that are, or would be, committed. */
function listFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && isFile(join(root, path)));
}

/** A listed file may have been removed since, and a link may lead to a folder. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
