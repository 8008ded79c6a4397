import { z } from 'zod';
import type { AskedFor } from './expression-faults.ts';

const datasource = z.object({ type: z.literal('prometheus'), uid: z.literal('${datasource}') });

const panel = z.object({
  id: z.int(),
  type: z.enum(['stat', 'timeseries', 'table', 'bargauge']),
  title: z.string().min(1),
  /** Whoever is woken by it reads here what it means. */
  description: z.string().min(20),
  datasource,
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  fieldConfig: z.object({
    defaults: z.object({
      unit: z.string().min(1),
      thresholds: z.object({
        steps: z.array(z.object({ color: z.string(), value: z.number().nullable() })).min(1),
      }),
    }),
  }),
  targets: z
    .array(
      z.object({
        refId: z.string(),
        expr: z.string(),
        legendFormat: z.string().default(''),
        datasource,
      }),
    )
    .min(1),
});

const row = z.object({
  id: z.int(),
  type: z.literal('row'),
  title: z.string(),
  gridPos: z.object({ x: z.literal(0), y: z.int(), w: z.literal(24), h: z.literal(1) }),
});

const variable = z.discriminatedUnion('type', [
  z.object({ type: z.literal('datasource'), name: z.string(), query: z.literal('prometheus') }),
  z.object({ type: z.literal('query'), name: z.string(), definition: z.string(), datasource }),
]);

/** What we ask of a dashboard beyond what Grafana does. */
export const dashboardForm = z.object({
  uid: z.string(),
  title: z.string(),
  tags: z.array(z.string()).nonempty(),
  refresh: z.string(),
  panels: z.array(z.union([row, panel])),
  templating: z.object({ list: z.array(variable) }),
});

export type Dashboard = z.infer<typeof dashboardForm>;
export type Panel = z.infer<typeof panel>;

export const panelsOf = ({ panels }: Dashboard): Panel[] =>
  panels.filter((one) => one.type !== 'row');

/** Everything that the dashboard asks Prometheus, by the place where it stands. */
export const questionsOf = (dashboard: Dashboard): (AskedFor & { readonly place: string })[] => [
  ...panelsOf(dashboard).flatMap(({ title, targets }) =>
    targets.map(({ refId, expr, legendFormat }) => ({
      place: `${title}, ${refId}`,
      expression: expr,
      shown: [...legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label),
    })),
  ),
  ...dashboard.templating.list.flatMap((one) => {
    if (one.type !== 'query') return [];
    const [, expression = '', label = ''] =
      /^label_values\((.+), *(\w+)\)$/.exec(one.definition) ?? [];
    return [{ place: `variable ${one.name}`, expression, shown: [label] }];
  }),
];

/** Panels that lie on each other or beside the page, as a hand that edits JSON leaves them. */
export function misplaced({ panels }: Dashboard): string[] {
  const cells = new Map<string, string>();
  return panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
    const own = Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
    const other = own.map((cell) => cells.get(cell)).find((one) => one !== undefined);
    for (const cell of own) cells.set(cell, title);
    if (x + w > 24) return [`${title} is beside the page`];
    return other === undefined ? [] : [`${title} lies on ${other}`];
  });
}
