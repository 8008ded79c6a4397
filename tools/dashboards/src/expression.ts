import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** A metric that an expression asks for. */
export interface Selector {
  /** Undefined where it asks by labels alone. */
  readonly metric: string | undefined;
  readonly matchers: readonly { readonly label: string; readonly value: string }[];
  /** Within `rate`, `irate` or `increase`. */
  readonly isRated: boolean;
}

/** Labels by which something is summed or joined, and the metrics that this is about. */
export interface Grouping {
  readonly labels: readonly string[];
  readonly metrics: readonly string[];
}

/** What an expression of PromQL asks for. */
export interface Expression {
  /** Texts that the grammar has no place for. */
  readonly unparsed: readonly string[];
  readonly selectors: readonly Selector[];
  readonly groupings: readonly Grouping[];
  /** Sums over buckets that leave the bounds of the buckets out. */
  readonly quantilesWithoutBounds: readonly string[];
}

/** Grafana puts a duration in place of these before it asks. */
const interval = /\$__(?:rate_interval|interval|range)/g;

export function parseExpression(given: string): Expression {
  const text = given.replaceAll(interval, '5m');
  const textOf = ({ from, to }: Node): string => text.slice(from, to);
  const top = parser.parse(text).topNode;

  const metricOf = (selector: Node): string | undefined => {
    const name = selector.getChild('Identifier');
    return name === null ? undefined : textOf(name);
  };
  const labelsOf = (grouping: Node): string[] => all(grouping, 'LabelName').map(textOf);

  return {
    unparsed: all(top, '⚠').map((node) => textOf(node.parent ?? node)),
    selectors: all(top, 'VectorSelector').map((node) => ({
      metric: metricOf(node),
      matchers: [
        ...all(node, 'UnquotedLabelMatcher').map((matcher) => ({
          label: childText(matcher, 'LabelName', textOf),
          value: unquoted(childText(matcher, 'StringLiteral', textOf)),
        })),
        ...all(node, 'QuotedLabelMatcher').map((matcher) => ({
          label: unquoted(childText(matcher, 'QuotedLabelName', textOf)),
          value: unquoted(childText(matcher, 'StringLiteral', textOf)),
        })),
      ],
      isRated: functionsAround(node, textOf).some((name) => rates.has(name)),
    })),
    groupings: all(top, 'GroupingLabels').map((node) => ({
      labels: labelsOf(node),
      metrics: all(scopeOf(node), 'VectorSelector').flatMap((one) => metricOf(one) ?? []),
    })),
    quantilesWithoutBounds: all(top, 'HistogramQuantile').flatMap(({ parent }) => {
      const sums = parent?.parent ? all(parent.parent, 'AggregateModifier') : [];
      return sums.filter((sum) => !labelsOf(sum).includes('le')).map(textOf);
    }),
  };
}

const rates: ReadonlySet<string> = new Set(['rate', 'irate', 'increase']);

/** All nodes of that kind at or below. */
function all(top: Node, kind: string): Node[] {
  const found: Node[] = [];
  top.cursor().iterate((node) => {
    if (node.name === kind) found.push(node.node);
  });
  return found;
}

const unquoted = (text: string): string => text.slice(1, -1);

const childText = (node: Node, kind: string, textOf: (node: Node) => string): string => {
  const child = node.getChild(kind);
  return child === null ? '' : textOf(child);
};

function functionsAround(node: Node, textOf: (node: Node) => string): string[] {
  const { parent } = node;
  if (parent === null) return [];
  const name = parent.getChild('FunctionIdentifier');
  return [...(name === null ? [] : [textOf(name)]), ...functionsAround(parent, textOf)];
}

/** The sum or the operation whose labels these are. */
function scopeOf({ parent }: Node): Node {
  if (parent === null) throw new Error('labels stand within an expression');
  const isWhole = parent.name === 'AggregateExpr' || parent.name === 'BinaryExpr';
  return isWhole ? parent : scopeOf(parent);
}
