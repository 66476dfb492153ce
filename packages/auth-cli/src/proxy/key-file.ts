import { readFileSync, statSync, writeFileSync } from 'node:fs';

import { codeOf } from '../thrown.ts';
import { UsageError } from '../usage-error.ts';
import { isKey, newKey, shortestKey } from './key.ts';

/**
 * The key that a file holds, alone on its line. A file that is not there is made, with a new key, for its owner's eyes only.
 *
 * @throws UsageError if it cannot be used, or if others can read it.
 */
export function keyFromFile(path: string): string {
  try {
    const key = newKey();
    // wx: whoever comes second reads what the first one wrote.
    writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unusable(path, error);
  }
  return readKey(path);
}

function readKey(path: string): string {
  const { text, mode } = readWithMode(path);
  // Windows has no such modes.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new UsageError(`--key-file: others may use ${path}; chmod 600 it`);
  const key = text.trim();
  if (isKey(key)) return key;
  throw new UsageError(`--key-file: ${path} holds no key: expected one line of at least ${shortestKey} letters, digits or - . _ ~ + /`);
}

function readWithMode(path: string): { text: string; mode: number } {
  try {
    return { text: readFileSync(path, 'utf8'), mode: statSync(path).mode };
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): UsageError {
  return new UsageError(`--key-file: ${path} cannot be used (${String(codeOf(error))})`, { cause: error });
}
