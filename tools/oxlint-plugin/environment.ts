import { ancestorsOf, dottedName, type Node, type Rule } from './rule.ts';

/** Only a function `…FromEnv` of a provider's `options.ts` reads the environment. */
export const environment: Rule = {
  create: (context) => {
    const check = (node: Node): void => {
      const around = ancestorsOf(node);
      const isFromEnv = around.some((one) => one.type === 'FunctionDeclaration' && one.id?.name.endsWith('FromEnv') === true);
      if (isFromEnv && context.filename.endsWith('-auth/src/options.ts')) return;
      context.report({ node, message: "reads process.env: only the …FromEnv of a provider's options.ts does" });
    };
    return {
      MemberExpression(node) {
        if (/^(?:globalThis\.)?process\.env$/.test(dottedName(node) ?? '')) check(node);
      },
      VariableDeclarator(node) {
        if (node.init === null || dottedName(node.init) !== 'process' || node.id.type !== 'ObjectPattern') return;
        if (node.id.properties.some((part) => part.type === 'Property' && dottedName(part.key) === 'env')) check(node);
      },
      ImportDeclaration(node) {
        const names = node.specifiers.map((part) => (part.type === 'ImportSpecifier' ? dottedName(part.imported) : 'default'));
        if (/^(?:node:)?process$/.test(node.source.value) && names.some((name) => name === 'env' || name === 'default')) check(node);
      },
    };
  },
};
