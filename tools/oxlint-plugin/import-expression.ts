import type { Node, Rule } from './rule.ts';

/** `import('…')`, of values or of types, is not seen by the rules for imports. Its options name the modules that may be loaded later. */
export const importExpression: Rule = {
  meta: { schema: { type: 'array', items: { type: 'string' } } },
  create: ({ options, report }) => {
    const tell = (node: Node): void => report({ node, message: 'import at the top of the file, where the rules for imports see it' });
    return {
      ImportExpression(node) {
        const { source } = node;
        const name = source.type === 'Literal' && typeof source.value === 'string' ? source.value : '';
        if (!options.includes(name)) tell(node);
      },
      TSImportType: tell,
    };
  },
};
