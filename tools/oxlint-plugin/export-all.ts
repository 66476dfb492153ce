import type { Rule } from './rule.ts';

/** `export *` hides what a module exports. Its option names the one module that may be passed on whole. */
export const exportAll: Rule = {
  meta: { schema: [{ type: 'string' }] },
  create: ({ options: [allowed], report }) => ({
    ExportAllDeclaration(node) {
      if (node.source.value === allowed && node.exported === null) return;
      report({ node, message: "`export *` hides what a module exports: name each export. Only a provider's index passes on the core" });
    },
  }),
};
