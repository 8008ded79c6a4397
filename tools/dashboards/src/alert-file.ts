import { z } from 'zod';
import type { AskedFor } from './expression-faults.ts';

/** Where operators read what to do. */
export const runbookPage = 'tools/docs/operating.md';

const rule = z.strictObject({
  alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
  expr: z.string(),
  for: z.string().regex(/^\d+[smh]$/),
  labels: z.strictObject({
    /** critical: somebody gets up; warning: somebody looks the next morning. */
    severity: z.enum(['critical', 'warning']),
  }),
  annotations: z.strictObject({
    summary: z.string().min(10),
    description: z.string().min(20),
    runbook: z.string().startsWith(`${runbookPage}#`),
  }),
});

/** Alert rules as Prometheus reads them, with all that we ask of each. */
export const alertForm = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule).nonempty() })),
});

export type Alerts = z.infer<typeof alertForm>;
export type Alert = z.infer<typeof rule>;

export const alertsOf = ({ groups }: Alerts): Alert[] => groups.flatMap(({ rules }) => rules);

export const questionOf = ({ expr, annotations }: Alert): AskedFor => ({
  expression: expr,
  shown: [...`${annotations.summary} ${annotations.description}`.matchAll(/\$labels\.(\w+)/g)].map(
    ([, label = '']) => label,
  ),
});

/** Anchors of a page in Markdown, as they are made of its headings. */
export const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );
