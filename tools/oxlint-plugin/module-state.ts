import { dottedName, type Node, type Rule } from './rule.ts';

/** What can be made at module level because it never changes: a changing one would be shared by everybody in the process. */
const UNCHANGING = new Set(['RegExp', 'URL', 'Error', 'TextEncoder', 'Map', 'Set']);
/** Functions whose name says that they make something that lives. */
const MAKERS = /^(?:create|start|open)[A-Z]|Store$/;
const CHANGES = /^(?:add|set|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|append)$/;

/** No state and no effect at module level. */
export const moduleState: Rule = {
  create: ({ report, sourceCode, filename }) => ({
    Program(program) {
      if (isProcessWide(filename)) return;
      const statements = program.body.map((node) => (node.type === 'ExportNamedDeclaration' ? (node.declaration ?? node) : node));
      for (const node of statements) {
        if (node.type === 'ExpressionStatement')
          report({ node, message: 'does something when it is loaded: packages have no side effects' });
        if (node.type === 'VariableDeclaration' && !node.declare) {
          if (node.kind !== 'const')
            report({ node, message: `\`${node.kind}\` at module level is state: keep it in what a function returns` });
          for (const { init } of node.declarations)
            if (init !== null && isMade(init)) report({ node: init, message: 'is state at module level: make it where it is used' });
        }
        for (const field of node.type === 'ClassDeclaration' ? node.body.body : [])
          if (
            field.type === 'PropertyDefinition' &&
            field.static &&
            (field.readonly !== true || (field.value !== null && isMade(field.value)))
          )
            report({ node: field, message: 'is state at module level: a static field that is not a read-only constant' });
      }
    },
    'Program:exit'() {
      if (isProcessWide(filename)) return;
      const atTop = sourceCode.scopeManager.scopes.find(({ type }) => type === 'module')?.variables ?? [];
      for (const { name, references } of atTop.filter(({ defs }) => defs.some(({ type }) => type === 'Variable')))
        for (const { identifier: node } of references)
          if (isChanged(node)) report({ node, message: `changes \`${name}\`, which is at module level: that is state` });
    },
  }),
};

/** The one file for what belongs to the whole process: the root async context, and the queue of key derivations. */
function isProcessWide(filename: string): boolean {
  return filename.endsWith('auth-core/src/lifecycle/process-wide.ts');
}

function isMade(value: Node): boolean {
  if (value.type === 'CallExpression') return MAKERS.test(dottedName(value.callee) ?? '');
  return value.type === 'NewExpression' && !isUnchanging(dottedName(value.callee) ?? '', value.arguments.length);
}

/** Sets and maps are made whole; an empty one could only be filled later. */
function isUnchanging(name: string, given: number): boolean {
  return UNCHANGING.has(name) && (given > 0 || name === 'TextEncoder');
}

/** Whether a name, or something within it, is changed in place where it stands. */
function isChanged(name: Node): boolean {
  let node: Node = name;
  let method = '';
  while (node.parent?.type === 'MemberExpression' && node.parent.object === node) {
    node = node.parent;
    method = node.property.type === 'Identifier' ? node.property.name : '';
  }
  const { parent } = node;
  if (parent?.type === 'CallExpression' && parent.callee === node) return CHANGES.test(method);
  if (node === name) return false;
  if (parent?.type === 'UnaryExpression') return parent.operator === 'delete';
  return parent?.type === 'UpdateExpression' || (parent?.type === 'AssignmentExpression' && parent.left === node);
}
