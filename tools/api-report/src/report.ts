import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type EntryPoint, readEntryPoint } from './entry-point.ts';

const packages = join(import.meta.dirname, '../../../packages');

/** The public declarations of a package, as they are and as they were last accepted. */
export interface ApiReport {
  /** The file that holds what was accepted. */
  readonly path: string;
  readonly current: string;
  readonly accepted: string | undefined;
}

/** Reports on every public package, as built. */
export function readReports(): readonly ApiReport[] {
  return readdirSync(packages).map((directory) => {
    const path = join(packages, directory, 'api.md');
    return { path, current: reportOn(join(packages, directory)), accepted: readIfThere(path) };
  });
}

function reportOn(directory: string): string {
  const { name, publishConfig } = readManifest(directory);
  const entries = Object.entries(publishConfig.exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [{ title: join(name, path), ...readEntryPoint(join(directory, target.types)) }],
  );
  const exported = new Set(entries.flatMap((entry) => [...entry.exported.values()]));
  const head = `# The public declarations of \`${name}\`\n\nMade from the build by \`pnpm api:update\`, to be reviewed with every change.`;
  return [head, ...entries.map((entry) => formatEntry(entry, exported)), ''].join('\n\n').replace(/\n+$/, '\n');
}

/** @param elsewhere The declarations that any entry point of the package exports. */
function formatEntry({ title, exported, handedOn, mentioned }: EntryPoint & { title: string }, elsewhere: ReadonlySet<string>): string {
  const parts = [`## \`${title}\``];
  for (const [name, names] of handedOn) parts.push(`From \`${name}\`: ${names.map((each) => `\`${each}\``).join(', ')}.`);
  if (exported.size > 0) parts.push(code(exported.values()));
  const hidden = [...mentioned.values()].filter((declaration) => !elsewhere.has(declaration));
  if (hidden.length > 0) parts.push('Mentioned by these, not exported:', code(hidden));
  return parts.join('\n\n');
}

function code(declarations: Iterable<string>): string {
  return ['```ts', [...declarations].join('\n\n'), '```'].join('\n');
}

interface Manifest {
  readonly name: string;
  readonly publishConfig: { readonly exports: Readonly<Record<string, string | { readonly types: string }>> };
}

function readManifest(directory: string): Manifest {
  // The shape is checked by the checks on every pack.
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return undefined;
  }
}
