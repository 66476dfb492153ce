import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';
import { join } from 'node:path';

/** What the figures were measured on; nothing that tells whose machine it is. */
export interface Machine {
  readonly cpu: string;
  readonly processors: number;
  readonly system: string;
  readonly node: string;
  /** How many programs wanted a processor in the minute before. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    system: `${platform()} ${arch()}`,
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** The peers with the versions that the lockfile has, and undici. */
export function readVersions(names: readonly string[]): Record<string, string> {
  const folder = join(import.meta.dirname, '..');
  const versionOf = (name: string): string => {
    const places = [join(folder, 'node_modules', name), join(folder, '../node_modules', name)];
    for (const place of places) {
      try {
        return (JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { version: string }).version; // a package has one
      } catch {
        continue;
      }
    }
    throw new Error(`${name} is not installed`);
  };
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]));
}
