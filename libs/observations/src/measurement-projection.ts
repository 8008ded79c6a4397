import { fileURLToPath } from 'node:url';
import {
  measurements,
  type Coding,
  type MeasurementContent,
  type MeasurementCorrected,
  type MeasurementRecorded,
  type MeasurementRetracted,
  type RetractionContent,
} from '@samspill/contracts';
import { normalSystem, systems } from '@samspill/fhir';
import { projection, row, table, type Row } from '@samspill/read-model';
import { timeRange } from './time-range.ts';

/** Folder of the migrations that make these tables. */
export const observationMigrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** A version of a measurement, or its retraction; see `migrations/0001-measurement.sql`. */
export const measurementTable = table({
  name: 'measurement',
  columns: {
    measurement_id: 'text',
    status: 'text',
    recorded_at: 'timestamptz',
    source_orgnr: 'text',
    source_orgnr_child: 'text',
    source_system: 'text',
    retraction: 'text',
    kind: 'text',
    series: 'text',
    codes: 'text[]',
    effective_from: 'timestamptz',
    effective_to: 'timestamptz',
    content: 'text',
    resource: 'text',
  },
});

type Clear = MeasurementRecorded | MeasurementCorrected | MeasurementRetracted;

/** What the read model keeps of a measurement's content: not the number of the patient, and the resource beside it. */
export type KeptContent = Omit<MeasurementContent, 'resource' | 'subject' | 'kind'>;

/** Every consumer of measurements keeps these rows. A `MeasurementRecorded` of a known measurement is one more version. */
export const measurementProjection = projection({
  name: 'measurements',
  product: measurements,
  opens: true,
  tables: [measurementTable],
  on: {
    MeasurementRecorded: ({ clear, content }) => [versionRow(clear, content)],
    MeasurementCorrected: ({ clear, content }) => [versionRow(clear, content.measurement)],
    MeasurementRetracted: ({ clear, content }) => [retractionRow(clear, content)],
  },
});

const versionRow = (clear: Clear, content: MeasurementContent): Row =>
  row(measurementTable, {
    ...known(clear),
    retraction: null,
    kind: content.kind,
    series: seriesOf(content),
    codes: searchableCodes(content.codes),
    ...effectiveSpan(content.effective, clear.envelope.occurredAt),
    content: JSON.stringify({
      ...content,
      ...{ kind: undefined, subject: undefined, resource: undefined },
    } satisfies Record<keyof MeasurementContent, unknown>),
    resource: content.resource,
  });

/** Nothing but that and why: what was measured is not said again, least of all under the wrong patient. */
const retractionRow = (clear: Clear, { reason }: RetractionContent): Row =>
  row(measurementTable, {
    ...known(clear),
    retraction: reason,
    kind: null,
    series: null,
    codes: null,
    effective_from: null,
    effective_to: null,
    content: null,
    resource: null,
  });

const known = ({ envelope, measurementId, status }: Clear) => ({
  measurement_id: measurementId,
  status,
  recorded_at: new Date(envelope.recordedAt),
  source_orgnr: envelope.source.orgnrParent,
  source_orgnr_child: envelope.source.orgnrChild,
  source_system: envelope.source.system,
});

// Kinds that hold measurements of several sorts, which only their codes tell apart.
const mixedKinds: ReadonlySet<string> = new Set(['other', 'questionnaire-score']);
const anyQuestionnaire = '74465-6';
const preferredSystems: readonly string[] = [systems.loinc, systems.snomed];
const seriesLengthMax = 200;

/** Two sources that send other codes beside a common one shall meet in one series, so one code decides. */
function seriesOf({ kind, codes, codeText }: MeasurementContent): string {
  if (!mixedKinds.has(kind)) return kind;
  const telling = codes.filter(({ code }) => code !== anyQuestionnaire);
  const decides =
    preferredSystems
      .map((preferred) => telling.find(({ system }) => system === preferred))
      .find((coding) => coding !== undefined) ?? telling[0];
  const sort = decides ? `${decides.system ?? ''}|${decides.code}` : (codeText ?? '');
  return storable(`${kind}:${sort}`).slice(0, seriesLengthMax);
}

/** As FHIR token search names them: `code` for any system, `system|code`, and `|code` for none. */
const searchableCodes = (codes: readonly Coding[]): string[] =>
  codes.flatMap(({ system, code }) => [
    storable(code),
    storable(`${normalSystem(system ?? '')}|${code}`),
  ]);

// PostgreSQL stores no NUL in a text, and FHIR allows none in a string.
const storable = (text: string): string => text.replaceAll('\0', '\ufffd');

function effectiveSpan(
  { start, end }: MeasurementContent['effective'],
  occurredAt: number,
): { effective_from: Date; effective_to: Date } {
  const first = timeRange(start ?? '') ?? { from: occurredAt, to: occurredAt + 1 };
  const last = timeRange(end ?? '') ?? first;
  return {
    effective_from: new Date(first.from),
    effective_to: new Date(Math.max(first.to, last.to)),
  };
}
