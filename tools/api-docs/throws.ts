import { Converter, type Context, type SignatureReflection } from 'typedoc';
import ts from 'typescript';

/** Reports each public function whose docstring has no `@throws`, although it throws or calls something of ours that says that it does. */
export function watchThrows(converter: Converter, report: (problem: string) => void): void {
  const check = ({ checker }: Context, signature: SignatureReflection, node?: ts.Node): void => {
    if (node === undefined || !ts.isFunctionDeclaration(node) || signature.comment?.getTag('@throws') !== undefined) return;
    const reason = node.body && findThrow(node.body, checker);
    if (reason !== undefined) report(`${signature.parent.getFullName()} ${reason}: its docstring needs a @throws`);
  };
  converter.on(Converter.EVENT_CREATE_SIGNATURE, check);
}

/** What stands in a `try` with a `catch`, and in functions within the function, does not count; undefined is no proof. */
function findThrow(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isFunctionLike(node)) return undefined;
  if (ts.isThrowStatement(node)) return 'throws';
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && saysThrows(node, checker)) {
    return `calls ${node.expression.text}, which throws`;
  }
  return ts.forEachChild(node, (child) => {
    const isCaught = ts.isTryStatement(node) && node.catchClause !== undefined && child === node.tryBlock;
    return isCaught ? undefined : findThrow(child, checker);
  });
}

function saysThrows(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const declaration = checker.getResolvedSignature(call)?.getDeclaration();
  if (declaration === undefined || declaration.getSourceFile().fileName.includes('/node_modules/')) return false;
  return ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'throws');
}
