import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { ShellSupport } from '@x/auth-core/provider';
import * as v from 'valibot';

import { messageOf } from './thrown.ts';
import { UsageError } from './usage-error.ts';

const functionSchema = v.custom<() => unknown>((value) => typeof value === 'function');

/** As much of a provider's entry point as tells it from another module. */
const entrySchema = v.object({
  shellSupport: v.object({
    name: v.string(),
    title: v.string(),
    variables: v.array(v.object({ name: v.string() })),
    firstCall: v.object({ path: v.string() }),
    createProvider: functionSchema,
    explain: functionSchema,
    startSandbox: functionSchema,
  }),
});

/** Packages are looked for where the command was called, and beside this one: it may be installed for the whole machine. */
function placesOf(cwd: string): string[] {
  return [join(cwd, 'package.json'), fileURLToPath(import.meta.url)];
}

/** The package of a vendor: `acme` is `@x/acme-auth`; a name with a slash or with `-auth` at its end is that of a package. */
function packageOf(vendor: string): string {
  return /\/|-auth$/.test(vendor) ? vendor : `@x/${vendor}-auth`;
}

/** The vendors of ours that are installed, by name. */
export function installedVendors(cwd: string): string[] {
  // Null is what a module of Node.js itself would have.
  const directories = placesOf(cwd).flatMap((place) => createRequire(place).resolve.paths('@x/auth-core') as string[]);
  const folders = directories.flatMap((directory) => list(join(directory, '@x')));
  return [...new Set(folders.flatMap((folder) => /^(?!auth-)([a-z][a-z\d-]*)-auth$/.exec(folder)?.[1] ?? []))].toSorted();
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/**
 * Loads what a provider package offers to the shell.
 *
 * @throws UsageError if it is not installed, or offers nothing.
 */
export async function loadVendor(vendor: string, cwd: string): Promise<ShellSupport> {
  const name = packageOf(vendor);
  const path = isPackageName(name) ? findEntry(`${name}/cli`, cwd) : undefined;
  if (path === undefined) throw new UsageError(whyNotFound(vendor, name, installedVendors(cwd)));
  const entry = await load(path, name);
  if (!v.is(entrySchema, entry)) throw new UsageError(`${name}/cli does not export a shellSupport that this version knows`);
  // Checked as far as a schema can: what its functions take and return is the compiler's to check, in the provider's package.
  return entry.shellSupport as unknown as ShellSupport;
}

/** Nothing secret is known yet: what the failure says can be told. */
async function load(path: string, name: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new UsageError(`${name}/cli cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}

/** No path: what a person types as a vendor must not load any file. */
function isPackageName(name: string): boolean {
  return /^(?:@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*$/i.test(name);
}

function findEntry(specifier: string, cwd: string): string | undefined {
  for (const place of placesOf(cwd)) {
    try {
      return createRequire(place).resolve(specifier);
    } catch {
      // Not there: the next place may have it.
    }
  }
  return undefined;
}

/** The installed vendors, in words. */
export function tellInstalled(installed: readonly string[]): string {
  return installed.length === 0 ? 'no provider package is installed here' : `installed are ${installed.join(', ')}`;
}

function whyNotFound(vendor: string, name: string, installed: readonly string[]): string {
  if (installed.includes(vendor)) return `${name} offers nothing to this command: install a newer version of it`;
  const hint = isPackageName(name) ? `. If there is one, install it: npm install ${name}` : '';
  return `no vendor ${JSON.stringify(vendor)}: ${tellInstalled(installed)}${hint}`;
}
