import { inSource, relativeTarget } from '../modules.ts';
import type { SourceFile } from '../source-file.ts';
import type { Violation } from '../violation.ts';
import type { Package, Workspace } from '../workspace.ts';

/** How the files of one package may import each other: no own index, no `export *`, no cycles, nothing outside of `src`. */
export function checkModuleGraph(workspace: Workspace): Violation[] {
  return workspace.packages.flatMap((owner) => [
    ...owner.sources.flatMap((file) => file.imports.flatMap((one) => checkImport(file, one, owner))),
    ...findCycles(owner.sources),
  ]);
}

function checkImport(file: SourceFile, one: SourceFile['imports'][number], owner: Package): Violation[] {
  const target = relativeTarget(file, one.specifier);
  const at = (message: string): Violation => violation(file, one.offset, message);
  const found: Violation[] = [];
  if (one.kind === 'export-all') found.push(at('`export *` hides what a module exports: name each export'));
  if (target === undefined) {
    const { name } = owner.manifest;
    if (one.specifier === name || one.specifier.startsWith(`${name}/`)) found.push(at('imports its own package by name: import the file'));
    return found;
  }
  if (target === `${owner.dir}/src/index.ts`) found.push(at("imports its own package's index.ts: import the file that has it"));
  if (!target.startsWith(`${owner.dir}/src/`) && target !== `${owner.dir}/package.json`) found.push(at('leaves the src/ of its package'));
  if (owner.kind === 'provider' && isIn(target, owner, 'sandbox') && !inSource(file, owner).startsWith('sandbox/')) {
    found.push(at('loads the sandbox, which lives in its own entry point'));
  }
  return found;
}

function isIn(path: string, owner: Package, folder: string): boolean {
  return path.startsWith(`${owner.dir}/src/${folder}/`);
}

/** Each cycle once, told at the import that closes it. An import of types counts: it is knowledge all the same. */
function findCycles(sources: readonly SourceFile[]): Violation[] {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const done = new Set<SourceFile>();
  const trail: SourceFile[] = [];
  const found: Violation[] = [];
  const visit = (file: SourceFile): void => {
    trail.push(file);
    for (const one of file.imports) {
      const next = byPath.get(relativeTarget(file, one.specifier) ?? '');
      if (next === undefined || done.has(next)) continue;
      const start = trail.indexOf(next);
      if (start === -1) visit(next);
      else found.push(violation(file, one.offset, `closes a cycle: ${[...trail.slice(start), next].map(({ path }) => path).join(' → ')}`));
    }
    trail.pop();
    done.add(file);
  };
  for (const file of sources) if (!done.has(file)) visit(file);
  return found;
}

function violation(file: SourceFile, offset: number, message: string): Violation {
  return { rule: 'module-graph', path: file.path, line: file.lineAt(offset), message };
}
