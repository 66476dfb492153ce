import type { RuleTester } from 'oxlint/plugins-dev';

/** A rule as oxlint loads it. */
export type Rule = Extract<Parameters<RuleTester['run']>[1], { create: unknown; createOnce?: never }>;
/** What a rule knows of the file that it looks at. */
type Context = Parameters<Rule['create']>[0];
/** A node of the syntax tree. */
export type Node = Parameters<Context['sourceCode']['getScope']>[0];

/** `process.env` for a member expression of plain names; undefined for anything else. */
export function dottedName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const object = dottedName(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}

/** The nodes around a node, the closest first. */
export function ancestorsOf(node: Node): readonly Node[] {
  return node.parent === null ? [] : [node.parent, ...ancestorsOf(node.parent)];
}
