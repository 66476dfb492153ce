import type { Node } from 'oxc-parser';

import { nameOf } from './imports.ts';
import { importedFile } from './modules.ts';
import type { SourceFile } from './source-file.ts';
import type { Workspace } from './workspace.ts';

/** One exported name: declared in this file under `local`, or taken from another module. */
export interface Export {
  readonly local: string;
  readonly from: string | undefined;
  readonly offset: number;
}

/** A declaration, and where it stands. */
export interface Declaration {
  readonly file: SourceFile;
  /** The function, class, interface, type or variable. */
  readonly node: Node;
  /** Where the whole statement begins: the docstring ends before it. */
  readonly start: number;
}

/** What a file exports, by name. */
export function readExports(file: SourceFile): Map<string, Export> {
  const found = new Map<string, Export>();
  for (const node of file.program.body) {
    if (node.type !== 'ExportNamedDeclaration') continue;
    const offset = node.start;
    for (const { local, exported } of node.specifiers)
      found.set(nameOf(exported), { local: nameOf(local), from: node.source?.value, offset });
    for (const name of declaredNames(node.declaration)) found.set(name, { local: name, from: undefined, offset });
  }
  return found;
}

/** Where an exported name is declared, through any number of re-exports; undefined where that is not one of our files. */
export function findDeclaration(workspace: Workspace, file: SourceFile, name: string): Declaration | undefined {
  const found = readExports(file).get(name);
  if (found === undefined) return undefined;
  if (found.from !== undefined) {
    const next = importedFile(workspace, file, found.from);
    return next && findDeclaration(workspace, next, found.local);
  }
  for (const statement of file.program.body) {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node !== null && declaredNames(node).includes(found.local)) return { file, node, start: statement.start };
  }
  return undefined;
}

function declaredNames(node: Node | null): string[] {
  if (node === null) return [];
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id === null ? [] : [node.id.name];
  return node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration' ? [node.id.name] : [];
}
