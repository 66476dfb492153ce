import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** One condition of a selector: `error_type!=""`. */
interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** What a query asks for: a name with conditions. */
export interface Selector {
  readonly text: string;
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

/** What the tests look at in a query. */
export interface Query {
  readonly selectors: readonly Selector[];
  /** The labels that results are grouped by. */
  readonly labels: readonly string[];
}

/** What Grafana puts in the place of its variables. */
const variables: readonly (readonly [variable: string, value: string])[] = [
  ['$__rate_interval', '5m'],
  ['$__range', '1h'],
  ['$provider', '.*'],
];

/** Parses a query by the grammar that Prometheus' own page uses. @throws Error where it is not PromQL. */
export function parseQuery(text: string): Query {
  const query = variables.reduce((all, [variable, value]) => all.replaceAll(variable, value), text);
  const tree = parser.parse(query);
  const textOf = ({ from, to }: SyntaxNode): string => query.slice(from, to);
  const mistake = nodesOf(tree, ({ type }) => type.isError)[0];
  if (mistake !== undefined) throw new Error(`not PromQL from character ${mistake.from}: ${query}`);
  const selectors = nodesOf(tree, ({ name }) => name === 'VectorSelector').map((node) => ({
    text: textOf(node),
    name: node.getChild('Identifier') === null ? '' : textOf(node.getChild('Identifier') ?? node),
    matchers: matchersOf(textOf(node)),
  }));
  return {
    selectors,
    labels: nodesOf(tree, ({ name }) => name === 'GroupingLabels').flatMap((node) => node.getChildren('LabelName').map(textOf)),
  };
}

function nodesOf(tree: Tree, wanted: (node: SyntaxNode) => boolean): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  tree.iterate({ enter: ({ node }) => void (wanted(node) && found.push(node)) });
  return found;
}

function matchersOf(selector: string): Matcher[] {
  return [...selector.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label = '', operator = '', value = '']) => ({
    label,
    operator,
    value,
  }));
}

/** Whether a series is one that a selector selects; a label that is not there counts as empty. */
export function selects({ name, matchers }: Selector, series: { name: string; labels: Readonly<Record<string, string>> }): boolean {
  return series.name === name && matchers.every(({ label, operator, value }) => holds(series.labels[label] ?? '', operator, value));
}

function holds(actual: string, operator: string, value: string): boolean {
  const isSame = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(actual) : actual === value;
  return operator.startsWith('!') ? !isSame : isSame;
}
