import {
  readMeasurement,
  readMeasurementBundle,
  type IntakeContext,
  type Issue,
} from '@samspill/fhir';
import { kindOf } from '../payloads/payload-kind.ts';
import type { Payload } from '../payloads/read-payloads.ts';

/** What the intake would say of one entry, or of a whole body that it does not read. */
export interface EntryVerdict {
  readonly file: string;
  /** From 0; undefined for the whole body, or an Observation by itself. */
  readonly entry: number | undefined;
  readonly outcome: 'accepted' | 'ignored' | 'refused';
  /** Of the HTTP answer, as far as it follows from the payload alone. */
  readonly status: number;
  /** Remarks of what was accepted, reasons of what was refused. */
  readonly issues: readonly Issue[];
}

/** Judges a payload as the intake would, by the same code. Nothing is sent and nothing that is held is known. */
export function judgePayload(
  { name: file, body }: Payload,
  context: IntakeContext,
): EntryVerdict[] {
  const kind = kindOf(body);
  if (kind === 'XML') return [{ file, ...xml }];
  if (kind === 'Observation') {
    return [{ file, entry: undefined, ...statusOf(readMeasurement(body, context)) }];
  }
  const bundle = readMeasurementBundle(body, context);
  if (bundle.outcome === 'refused') return [{ file, entry: undefined, ...bundle }];
  return bundle.entries.map((entry) => ({ file, entry: entry.index, ...statusOf(entry) }));
}

type Judged =
  | { outcome: 'accepted'; warnings: readonly Issue[] }
  | { outcome: 'ignored'; issues: readonly Issue[] }
  | { outcome: 'refused'; status: number; issues: readonly Issue[] };

function statusOf(judged: Judged): Pick<EntryVerdict, 'outcome' | 'status' | 'issues'> {
  switch (judged.outcome) {
    case 'accepted':
      return { outcome: 'accepted', status: 201, issues: judged.warnings };
    case 'ignored':
      return { outcome: 'ignored', status: 200, issues: judged.issues };
    case 'refused':
      return { outcome: 'refused', status: judged.status, issues: judged.issues };
  }
}

/** Over HTTP the content type tells; a file has none. */
const xml: Omit<EntryVerdict, 'file'> = {
  entry: undefined,
  outcome: 'refused',
  status: 415,
  issues: [
    {
      severity: 'error',
      code: 'not-supported',
      rule: 'A body is FHIR as JSON',
      mend: 'Send application/fhir+json.',
    },
  ],
};
