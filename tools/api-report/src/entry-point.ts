import { type Binding, type DeclarationFile, readDeclarationFile } from './declarations.ts';

/** The public surface of one entry point. */
export interface EntryPoint {
  /** Declarations of what it exports, by name. */
  readonly exported: ReadonlyMap<string, string>;
  /** What it hands on from other packages: the package and the names. */
  readonly handedOn: ReadonlyMap<string, readonly string[]>;
  /** Declarations that the exported ones mention without exporting them, by name. */
  readonly mentioned: ReadonlyMap<string, string>;
}

/** Reads an entry point and everything of its own package that its declarations mention. */
export function readEntryPoint(path: string): EntryPoint {
  const open = openFiles();
  const exported = new Map<string, string>();
  const handedOn = new Map<string, string[]>();
  const queue: Binding[] = [];
  for (const [name, target] of sorted(open(path).exports)) {
    const found = follow(open, target);
    if (found.isPackage) handedOn.set(found.from, [...(handedOn.get(found.from) ?? []), name]);
    else {
      exported.set(name, declarationOf(open, found));
      queue.push(found);
    }
  }
  return { exported, handedOn, mentioned: findMentioned(open, queue) };
}

type Open = (path: string) => DeclarationFile;

function openFiles(): Open {
  const files = new Map<string, DeclarationFile>();
  return (path) => {
    const file = files.get(path) ?? readDeclarationFile(path);
    files.set(path, file);
    return file;
  };
}

/** Follows re-exports to the file that declares a name, or to the package that it comes from. */
function follow(open: Open, binding: Binding): Binding {
  if (binding.isPackage) return binding;
  const file = open(binding.from);
  if (file.declared.has(binding.name)) return binding;
  const next = file.exports.get(binding.name);
  if (next === undefined) throw new Error(`${binding.from} does not export ${binding.name}`);
  return follow(open, next);
}

function declarationOf(open: Open, { from, name }: Binding): string {
  const statements = open(from).declared.get(name) ?? [];
  return statements.map(({ text }) => text.replace(/^export /, '').replace(/^declare /, '')).join('\n');
}

function findMentioned(open: Open, exported: readonly Binding[]): ReadonlyMap<string, string> {
  const seen = new Set(exported.map(({ from, name }) => `${from} ${name}`));
  const mentioned = new Map<string, string>();
  const queue = [...exported];
  for (const binding of queue) {
    for (const found of mentionsOf(open, binding)) {
      const id = `${found.from} ${found.name}`;
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(found);
      mentioned.set(found.name, [mentioned.get(found.name), declarationOf(open, found)].filter(Boolean).join('\n'));
    }
  }
  return new Map(sorted(mentioned));
}

/** The names of its own package that a declaration mentions. */
function mentionsOf(open: Open, binding: Binding): readonly Binding[] {
  const file = open(binding.from);
  const words = new Set(declarationOf(open, binding).match(/[\w$]+/g));
  return [...words].flatMap((word) => {
    const imported = file.imports.get(word);
    if (imported !== undefined && imported.name !== '*') return [follow(open, imported)].filter(({ isPackage }) => !isPackage);
    return word !== binding.name && file.declared.has(word) ? [{ name: word, from: binding.from, isPackage: false }] : [];
  });
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
