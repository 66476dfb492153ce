import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A Node of a certain version, ready to be started by its path. */
export interface NodeBinary {
  readonly major: number;
  /** What it says of itself, without the `v`. */
  readonly version: string;
  readonly path: string;
}

/**
 * Finds the Node that an alias such as `node20` brought along, and asks it for its version.
 *
 * @param from The file, or its URL, of the project that depends on the alias. Default: this package, which has 20 and 24.
 * @returns undefined, with a line on stderr, where the alias was not installed: its binary is of another platform.
 * @throws Error if it is missing on the platform that it is made for, or is not the version that it was installed as.
 */
export function findNode(major: number, from: string | URL = import.meta.url): NodeBinary | undefined {
  const manifest = resolveManifest(`node${major}`, from);
  if (manifest === undefined) return reportMissing(major);
  const path = join(dirname(manifest), 'bin', 'node');
  const expected = readVersion(manifest);
  const version = execFileSync(path, ['-p', 'process.version'], { encoding: 'utf8', timeout: 20_000 }).trim().slice(1);
  if (version !== expected) throw new Error(`node${major} should be Node ${expected}, but says that it is ${version}`);
  return { major, version, path };
}

function resolveManifest(alias: string, from: string | URL): string | undefined {
  try {
    return createRequire(from).resolve(`${alias}/package.json`);
  } catch {
    return undefined;
  }
}

function readVersion(manifest: string): string {
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
  throw new Error(`${manifest} has no version`);
}

function reportMissing(major: number): undefined {
  const message = `Node ${major} is not here (${process.platform} ${process.arch}): what should run on it is left out`;
  if (process.platform === 'linux' && process.arch === 'x64') throw new Error(message);
  console.warn(message);
}
