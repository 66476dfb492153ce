import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { run } from '@x/packed';

import type { Finding } from './finding.ts';

interface Size {
  readonly name: string;
  readonly passed?: boolean;
  /** Bytes, minified and compressed, without undici. */
  readonly size: number;
}

/** Measures what each entry point brings into a bundle against its limit in `.size-limit.json`. */
export async function checkSizes(): Promise<readonly Finding[]> {
  const program = join(dirname(createRequire(import.meta.url).resolve('size-limit')), 'bin.js');
  const cwd = join(import.meta.dirname, '..');
  // It fails where a limit is exceeded, and writes the sizes all the same.
  const written = await run(process.execPath, [program, '--json'], { cwd, timeout: 120_000 }).catch(String);
  const sizes = parse(written);
  for (const { name, size } of sizes) console.log(`${name}: ${(size / 1000).toFixed(2)} kB`);
  const large = sizes.filter(({ passed }) => passed !== true);
  return large.map(({ name, size }) => ({
    package: name,
    message: `${size} bytes are more than tools/check-packs/.size-limit.json allows`,
  }));
}

function parse(written: string): readonly Size[] {
  const start = written.indexOf('[\n');
  const end = written.lastIndexOf(']');
  if (start < 0 || end < start) throw new Error(`size-limit wrote no sizes: ${written}`);
  return JSON.parse(written.slice(start, end + 1)) as Size[]; // the documented form of --json
}
