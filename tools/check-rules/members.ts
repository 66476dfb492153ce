import type { Node } from 'oxc-parser';

import type { SourceFile } from './source-file.ts';

/** A public field or method of an exported type. */
export interface Member {
  readonly name: string;
  readonly start: number;
  readonly doc: string | undefined;
  /** Its value, or what it returns, is a number. */
  readonly isNumber: boolean;
}

/** The members that a user of an interface, an object type or a class sees; those of one-line object types have no room for docstrings. */
export function findMembers(node: Node, file: SourceFile): Member[] {
  return partsOf(node)
    .filter((part) => isVisible(part))
    .map((part) => ({
      name: nameOf(part, file),
      start: part.start,
      doc: file.docBefore(part.start),
      isNumber: isNumber(typeOf(part)),
    }));
}

function partsOf(node: Node): readonly Node[] {
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'ClassDeclaration') return node.body.body;
  if (node.type !== 'TSTypeAliasDeclaration') return [];
  const { typeAnnotation: type } = node;
  const parts = type.type === 'TSIntersectionType' ? type.types : [type];
  return parts.flatMap((part) => (part.type === 'TSTypeLiteral' ? part.members : []));
}

/** Computed names are well-known symbols, whose meaning is known; private fields and constructors are nobody's to read. */
function isVisible(part: Node): boolean {
  if (part.type === 'TSPropertySignature' || part.type === 'TSMethodSignature') return !part.computed;
  if (part.type !== 'PropertyDefinition' && part.type !== 'MethodDefinition') return false;
  const isHidden = part.computed || part.key.type === 'PrivateIdentifier' || part.accessibility === 'private' || part.override;
  return !isHidden && !(part.type === 'MethodDefinition' && part.kind === 'constructor');
}

function nameOf(part: Node, file: SourceFile): string {
  return 'key' in part ? file.text.slice(part.key.start, part.key.end) : '';
}

function typeOf(part: Node): Node | undefined {
  if (part.type === 'TSMethodSignature') return part.returnType?.typeAnnotation;
  if (part.type === 'MethodDefinition') return part.value.returnType?.typeAnnotation;
  return part.type === 'TSPropertySignature' || part.type === 'PropertyDefinition' ? part.typeAnnotation?.typeAnnotation : undefined;
}

function isNumber(type: Node | undefined): boolean {
  if (type?.type === 'TSUnionType') return type.types.some((part) => isNumber(part));
  return type?.type === 'TSNumberKeyword';
}
