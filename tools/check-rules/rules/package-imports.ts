import type { Import } from '../imports.ts';
import { inSource, isShellCommand } from '../modules.ts';
import type { SourceFile } from '../source-file.ts';
import type { Violation } from '../violation.ts';
import type { Package, Workspace } from '../workspace.ts';

/** The scope of our own packages. */
const OURS = '@x/';

const advice = {
  core: 'the core imports no other package of ours',
  provider:
    "a provider imports '@x/auth-core' and '@x/auth-core/provider' of our packages, its src/sandbox/ also '@x/auth-core/testing', " +
    'and its shell command alone may look for a store with import()',
  store: "a store imports types of '@x/auth-core' and the value AuthError, nothing else of our packages",
  unknown: 'name the folder <vendor>-auth (a provider) or auth-store-<where> (a store), so that its rules are known',
};

/** Which of our packages a package may import. */
export function checkPackageImports({ packages }: Workspace): Violation[] {
  return packages.flatMap((owner) => {
    if (owner.kind === 'app') return [];
    if (owner.kind === 'unknown') return [violation(`${owner.dir}/package.json`, 1, advice.unknown)];
    const { kind } = owner;
    return owner.sources.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => specifier.startsWith(OURS))
        .filter((one) => !isAllowed(one, file, owner))
        .map((one) => violation(file.path, file.lineAt(one.offset), `imports ${describe(one)}: ${advice[kind]}`)),
    );
  });
}

function isAllowed(one: Import, file: SourceFile, owner: Package): boolean {
  const { specifier } = one;
  if (owner.kind === 'store')
    return specifier === '@x/auth-core' && one.names.every(({ name, typeOnly }) => typeOnly || name === 'AuthError');
  if (owner.kind !== 'provider') return false;
  if (specifier === '@x/auth-core' || specifier === '@x/auth-core/provider') return true;
  if (specifier === '@x/auth-core/testing') return inSource(file, owner).startsWith('sandbox/');
  return one.kind === 'dynamic' && specifier.startsWith('@x/auth-store-') && isShellCommand(file, owner);
}

function describe({ specifier, names }: Import): string {
  const values = names.filter(({ typeOnly }) => !typeOnly).map(({ name }) => name);
  return values.length === 0 ? `'${specifier}'` : `${values.join(', ')} from '${specifier}'`;
}

function violation(path: string, line: number, message: string): Violation {
  return { rule: 'package-imports', path, line, message };
}
