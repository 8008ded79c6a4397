import { entryExtensions } from '@samspill/fhir';
import { z } from 'zod';

const issues = z
  .array(
    z.object({
      severity: z.string(),
      code: z.string(),
      details: z.object({ text: z.string() }).optional(),
      diagnostics: z.string().optional(),
      expression: z.array(z.string()).optional(),
    }),
  )
  .default([]);
const extension = z
  .array(
    z.object({
      url: z.string(),
      valueCode: z.string().optional(),
      valueString: z.string().optional(),
    }),
  )
  .default([]);
const outcome = z.object({ issue: issues, extension });
const answerForm = outcome.extend({
  entry: z
    .array(
      z.object({
        response: z.object({
          status: z.string(),
          etag: z.string().optional(),
          outcome: outcome.optional(),
          extension,
        }),
      }),
    )
    .optional(),
});

export const outcomes = ['recorded', 'changed', 'held', 'ignored', 'refused', 'unclear'] as const;
/** What became of an entry. *unclear*: nobody can say; sent again it is the same event. */
export type Outcome = (typeof outcomes)[number];

export interface Remark {
  readonly severity: string;
  readonly place?: string | undefined;
  readonly rule: string;
  readonly mend: string;
}

/** A reason or remark, as a line below its entry. */
export const remarkLine = ({ severity, place, rule, mend }: Remark): string =>
  `  ${severity}: ${place === undefined ? '' : `${place}: `}${rule}. To mend: ${mend}`;

/** The answer to one entry; `entry` is undefined where one answer is for the whole payload. */
export interface EntryAnswer {
  /** From 0. */
  readonly entry: number | undefined;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  readonly outcome: Outcome;
  readonly eventId: string | undefined;
  /** `topic:partition:offset` of each event that it has become. */
  readonly positions: readonly string[];
  readonly remarks: readonly Remark[];
}

/** Reads the answer of the intake to one payload: one for each entry of a Bundle that it has opened, else one for all. */
export function readAnswer(status: number, headers: Headers, body: unknown): EntryAnswer[] {
  const read = answerForm.safeParse(body);
  // Cut short: whether it says yes or no is unknown.
  if (!read.success && status < 300) return [noAnswer];
  const { entry, ...whole } = read.data ?? { entry: undefined, issue: [], extension: [] };
  if (entry === undefined || status >= 300) {
    const etag = headers.get('etag') ?? undefined;
    return [answerOf(undefined, { status, etag, outcome: whole, extension: whole.extension })];
  }
  return entry.map(({ response }, at) =>
    answerOf(at, { ...response, status: Number.parseInt(response.status, 10) }),
  );
}

/** None came, or it was cut off: whether the payload arrived is unknown. */
export const noAnswer: EntryAnswer = {
  entry: undefined,
  status: undefined,
  outcome: 'unclear',
  eventId: undefined,
  positions: [],
  remarks: [],
};

function answerOf(
  entry: number | undefined,
  response: {
    readonly status: number;
    readonly etag?: string | undefined;
    readonly outcome?: z.infer<typeof outcome> | undefined;
    readonly extension: z.infer<typeof extension>;
  },
): EntryAnswer {
  const { status, etag } = response;
  const named = response.extension.filter(({ url }) => url === entryExtensions.outcome);
  const at = response.extension.filter(({ url }) => url === entryExtensions.position);
  return {
    entry,
    status,
    outcome: outcomeOf(status, named[0]?.valueCode),
    eventId: etag && /^W\/"(.+)"$/.exec(etag)?.[1],
    positions: at.flatMap(({ valueString }) => valueString ?? []),
    remarks: (response.outcome?.issue ?? []).flatMap((one) =>
      // "All is well" is no remark.
      one.code === 'informational' && one.expression === undefined
        ? []
        : {
            severity: one.severity,
            place: one.expression?.[0],
            rule: one.details?.text ?? one.code,
            mend: one.diagnostics ?? '',
          },
    ),
  };
}

function outcomeOf(status: number, named: string | undefined): Outcome {
  if (isRefusal(status)) return 'refused';
  if (status >= 300) return 'unclear';
  const known = outcomes.find((one) => one === named);
  return known ?? (status === 201 ? 'recorded' : 'held');
}

/** May pass by itself: the same payload may be sent again. */
export const mayPass = ({ status }: Pick<EntryAnswer, 'status'>): boolean =>
  status === undefined || [408, 429, 502, 503, 504].includes(status);

const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && !mayPass({ status });
