import type { Node, Program } from 'oxc-parser';

import { walk } from './syntax.ts';

/** One import or re-export of a module. */
export interface Import {
  readonly specifier: string;
  readonly offset: number;
  /** The names as the other module exports them; `*` for the whole namespace. */
  readonly names: readonly { readonly name: string; readonly typeOnly: boolean }[];
  /** Nothing of it is left when the types are stripped. */
  readonly typeOnly: boolean;
  readonly kind: 'import' | 'export' | 'export-all' | 'dynamic';
}

/** Every import of a file, `import()` with a literal and the type `import('…')` included. */
export function readImports(program: Program): Import[] {
  const found: Import[] = [];
  walk(program, (node) => {
    const one = readImport(node);
    if (one !== undefined) found.push(one);
  });
  return found;
}

function readImport(node: Node): Import | undefined {
  const offset = node.start;
  if (node.type === 'ImportDeclaration') {
    const names = node.specifiers.map((part) => ({
      name: part.type === 'ImportSpecifier' ? nameOf(part.imported) : part.type === 'ImportDefaultSpecifier' ? 'default' : '*',
      typeOnly: node.importKind === 'type' || (part.type === 'ImportSpecifier' && part.importKind === 'type'),
    }));
    return { specifier: node.source.value, offset, names, typeOnly: isTypeOnly(names), kind: 'import' };
  }
  if (node.type === 'ExportNamedDeclaration' && node.source !== null) {
    const names = node.specifiers.map((part) => ({
      name: nameOf(part.local),
      typeOnly: node.exportKind === 'type' || part.exportKind === 'type',
    }));
    return { specifier: node.source.value, offset, names, typeOnly: isTypeOnly(names), kind: 'export' };
  }
  if (node.type === 'ExportAllDeclaration') {
    const typeOnly = node.exportKind === 'type';
    return { specifier: node.source.value, offset, names: [{ name: '*', typeOnly }], typeOnly, kind: 'export-all' };
  }
  return readImportExpression(node);
}

function readImportExpression(node: Node): Import | undefined {
  const source = node.type === 'ImportExpression' || node.type === 'TSImportType' ? node.source : undefined;
  if (source?.type !== 'Literal' || typeof source.value !== 'string') return undefined;
  const typeOnly = node.type === 'TSImportType';
  return { specifier: source.value, offset: node.start, names: [{ name: '*', typeOnly }], typeOnly, kind: 'dynamic' };
}

function isTypeOnly(names: Import['names']): boolean {
  return names.length > 0 && names.every(({ typeOnly }) => typeOnly);
}

export function nameOf(name: { type: 'Identifier'; name: string } | { type: 'Literal'; value: unknown }): string {
  return name.type === 'Identifier' ? name.name : String(name.value);
}
