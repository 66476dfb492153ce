import type { Node } from 'oxc-parser';

import { type Declaration, findDeclaration } from './exports.ts';
import { importedFile } from './modules.ts';
import type { SourceFile } from './source-file.ts';
import { isFunction, walk } from './syntax.ts';
import type { Workspace } from './workspace.ts';

/**
 * Why a function is seen to throw: it has a `throw`, or calls something of ours whose docstring has a `@throws`. What stands in a `try` with a `catch`
 * and in functions within the function does not count; undefined where nothing was seen, which is no proof.
 */
export function findThrow(workspace: Workspace, { file, node }: Declaration): string | undefined {
  if (node.type !== 'FunctionDeclaration' || node.body === null) return undefined;
  let reason: string | undefined;
  walk(node.body, (inner, ancestors) => {
    if (isFunction(inner)) return false;
    if (isCaught(inner, ancestors)) return undefined;
    if (inner.type === 'ThrowStatement') reason ??= 'throws';
    if (inner.type === 'CallExpression' && inner.callee.type === 'Identifier') {
      const { name } = inner.callee;
      if (docOf(workspace, file, name)?.includes('@throws') === true) reason ??= `calls ${name}, which throws`;
    }
    return undefined;
  });
  return reason;
}

function isCaught(node: Node, ancestors: readonly Node[]): boolean {
  return ancestors.some((one, index) => {
    const next = ancestors[index + 1] ?? node;
    return one.type === 'TryStatement' && one.handler !== null && one.block === next;
  });
}

/** The docstring of a function by the name that it has in a file: declared there, or imported. */
function docOf(workspace: Workspace, file: SourceFile, name: string): string | undefined {
  for (const statement of file.program.body) {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node?.type === 'FunctionDeclaration' && node.id?.name === name) return file.docBefore(statement.start);
    if (statement.type !== 'ImportDeclaration') continue;
    const part = statement.specifiers.find(({ local }) => local.name === name);
    if (part?.type !== 'ImportSpecifier') continue;
    const source = importedFile(workspace, file, statement.source.value);
    const imported = part.imported.type === 'Identifier' ? part.imported.name : part.imported.value;
    const found = source && findDeclaration(workspace, source, imported);
    return found?.file.docBefore(found.start);
  }
  return undefined;
}
