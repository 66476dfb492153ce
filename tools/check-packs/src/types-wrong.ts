import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { type PackedPackage, run } from '@x/packed';

// Nothing is excepted but what ESM alone means: Node 10's resolution and CommonJS under `moduleResolution: node16` are not looked at.
const profile = 'esm-only';

/** Are the types wrong? */
export async function checkTypes({ directory, tarball }: PackedPackage): Promise<readonly string[]> {
  const program = join(dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
  const args = [program, tarball, '--profile', profile, '--no-color', '--no-emoji', '--format', 'ascii'];
  try {
    await run(process.execPath, args, { cwd: directory, timeout: 120_000 });
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
