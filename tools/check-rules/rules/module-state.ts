import type { Class, Node, VariableDeclarator } from 'oxc-parser';

import { isShellCommand } from '../modules.ts';
import type { SourceFile } from '../source-file.ts';
import { dottedName, walk } from '../syntax.ts';
import type { Violation } from '../violation.ts';
import type { Workspace } from '../workspace.ts';

/** What can be made at module level because it never changes: a changing one would be shared by everybody in the process. */
const UNCHANGING = new Set(['RegExp', 'URL', 'Error', 'TextEncoder', 'Map', 'Set']);
/** Functions whose name says that they make something that lives. */
const MAKERS = /^(?:create|start|open)[A-Z]|Store$/;
const CHANGES = /^(?:add|set|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|append|lastIndex)$/;

/** No state and no effect at module level. */
export function checkModuleState({ packages }: Workspace): Violation[] {
  return packages
    .filter(({ kind }) => kind !== 'app')
    .flatMap((owner) => owner.sources.filter((file) => !isShellCommand(file, owner)).flatMap(checkFile));
}

function checkFile(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const report = (node: Node, message: string): void => {
    found.push({ rule: 'module-state', path: file.path, line: file.lineAt(node.start), message });
  };
  for (const one of file.imports.filter(({ kind, names }) => kind === 'import' && names.length === 0)) {
    found.push({ rule: 'module-state', path: file.path, line: file.lineAt(one.offset), message: 'imports a module for its effect' });
  }
  const statements = file.program.body.map((node) => (node.type === 'ExportNamedDeclaration' ? (node.declaration ?? node) : node));
  for (const node of statements) {
    if (node.type === 'ExpressionStatement') report(node, 'does something when it is loaded: packages promise to have no side effects');
    if (node.type === 'VariableDeclaration' && !node.declare) {
      if (node.kind !== 'const') report(node, `\`${node.kind}\` at module level is state: keep it in what a function returns`);
      for (const variable of node.declarations) checkConstant(file, variable, report);
    }
    if (node.type === 'ClassDeclaration') checkStatics(node, report);
  }
  return found;
}

function checkConstant(file: SourceFile, { id, init }: VariableDeclarator, report: (node: Node, message: string) => void): void {
  const isMade =
    init?.type === 'NewExpression' ? !isUnchanging(init) : init?.type === 'CallExpression' && MAKERS.test(dottedName(init.callee) ?? '');
  if (isMade && init) report(init, 'is state at module level: make it where it is used');
  if (id.type !== 'Identifier' || init === null) return;
  const change = findChange(file, id.name);
  if (change !== undefined) report(change, `changes \`${id.name}\`, which is at module level: that is state`);
}

/** Sets and maps are made whole; an empty one could only be filled later. */
function isUnchanging(made: Node & { type: 'NewExpression' }): boolean {
  const name = dottedName(made.callee) ?? '';
  return UNCHANGING.has(name) && (made.arguments.length > 0 || name === 'TextEncoder');
}

/** Where a name is changed in place. A local variable of the same name would be taken for it: give them different names. */
function findChange(file: SourceFile, name: string): Node | undefined {
  const isPartOf = (node: Node): boolean => node.type === 'MemberExpression' && (dottedName(node.object) === name || isPartOf(node.object));
  let change: Node | undefined;
  walk(file.program, (node) => {
    const target =
      node.type === 'AssignmentExpression' ? node.left : node.type === 'UpdateExpression' || isDelete(node) ? node.argument : undefined;
    if (target !== undefined && isPartOf(target)) change ??= node;
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || !isPartOf(node.callee)) return;
    const { property } = node.callee;
    if (property.type === 'Identifier' && CHANGES.test(property.name)) change ??= node;
  });
  return change;
}

function isDelete(node: Node): node is Node & { type: 'UnaryExpression' } {
  return node.type === 'UnaryExpression' && node.operator === 'delete';
}

function checkStatics(node: Class, report: (node: Node, message: string) => void): void {
  for (const member of node.body.body) {
    if (member.type !== 'PropertyDefinition' || !member.static) continue;
    const isConstant = member.readonly === true && (member.value?.type !== 'NewExpression' || isUnchanging(member.value));
    if (!isConstant) report(member, 'is state at module level: a static field that is not a read-only constant');
  }
}
