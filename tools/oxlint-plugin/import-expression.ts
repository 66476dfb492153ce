import type { Node, Rule } from './rule.ts';

/** `import('…')`, of values or of types, is not seen by the rules for imports. */
export const importExpression: Rule = {
  create: ({ report }) => {
    const tell = (node: Node): void => report({ node, message: 'import at the top of the file, where the rules for imports see it' });
    return { ImportExpression: tell, TSImportType: tell };
  },
};
