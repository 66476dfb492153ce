import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

import type { Environment } from './surroundings.ts';
import { codeOf } from './thrown.ts';
import { UsageError } from './usage-error.ts';

/**
 * The environment with the variables of a file added. What is set already stays, as with Node's own `--env-file`.
 *
 * @throws UsageError if the file cannot be read.
 */
export function addEnvFile(env: Environment, file: string | undefined, cwd: string): Environment {
  return file === undefined ? env : { ...parseEnv(readText(resolve(cwd, file))), ...env };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--env-file: ${path} cannot be read (${String(codeOf(error))})`, { cause: error });
  }
}
