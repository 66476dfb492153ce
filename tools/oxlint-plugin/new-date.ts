import type { Rule } from './rule.ts';

/** `new Date()` reads the clock of the machine; with an argument it does not. */
export const newDate: Rule = {
  create: ({ report }) => ({
    NewExpression(node) {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date' || node.arguments.length > 0) return;
      report({ node, message: 'time comes in as an option: `new Date()` reads the clock of the machine' });
    },
  }),
};
