import type { Component, Value } from '@samspill/contracts';
import {
  areAtOdds,
  judgeMeasurement,
  judgeRange,
  unitsOf,
  type KeptContent,
  type RangeVerdict,
} from '@samspill/observations';
import type { Measured, MeasuredAt, Moment, SentValue, Source, VitalSign } from './overview.ts';
import type { MeasurementRow } from './overview.query.ts';

/** A row with its content read. */
export interface KnownMeasurement extends Omit<MeasurementRow, 'content'> {
  readonly content: KeptContent;
}

export const readMeasurement = (row: MeasurementRow): KnownMeasurement => ({
  ...row,
  content: JSON.parse(row.content) as KeptContent,
});

const unsettled: ReadonlySet<string> = new Set(['registered', 'preliminary']);

export const isPreliminary = ({ status }: KnownMeasurement): boolean => unsettled.has(status);

/** One measurement as the doctor sees it. */
export function vitalSignOf(known: KnownMeasurement, now: Date): VitalSign {
  const { content, kind } = known;
  return {
    kind,
    measurementId: known.measurementId,
    status: known.status,
    preliminary: isPreliminary(known),
    ...measuredOf(kind, content, nameOf(content, kind), judgeMeasurement(kind, content)),
    measured: measuredAtOf(known, now),
    received: momentOf(known.recordedAt, now),
    source: sourceOf(known),
    components: content.components.map((component) =>
      measuredOf(kind, component, componentName(component), judgeRange(kind, component)),
    ),
    device: content.device,
    bodySite: content.bodySite,
    method: content.method,
    notes: content.notes,
    warnings: content.warnings,
    versions: known.versions ?? 1,
  };
}

const measuredOf = (
  kind: string,
  measured: Pick<Component, 'value' | 'dataAbsentReason' | 'interpretation' | 'referenceRanges'>,
  name: string,
  outOfRange: RangeVerdict,
): Measured => ({
  name,
  value: sentValueOf(kind, measured.value),
  missing: measured.dataAbsentReason,
  interpretation: measured.interpretation,
  ranges: measured.referenceRanges,
  outOfRange,
});

export const sentValueOf = (kind: string, value: Value | null): SentValue | null =>
  value && {
    text: value.text,
    comparator: value.comparator,
    unit: areAtOdds(kind, unitsOf(value))
      ? `${value.unit ?? ''} (coded ${value.unitCode ?? ''})`
      : (value.unit ?? value.unitCode),
  };

export const measuredAtOf = (
  { content: { effective }, effectiveFrom }: KnownMeasurement,
  now: Date,
): MeasuredAt => ({
  sent: effective.start,
  sentEnd: effective.end,
  precision: effective.precision,
  basis: effective.basis,
  ...momentOf(effectiveFrom, now),
});

/** A device whose clock runs ahead has measured just now, not in the future. */
export const momentOf = (at: Date, now: Date): Moment => ({
  at: at.toISOString(),
  ageSeconds: Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000)),
});

export const sourceOf = (columns: {
  readonly sourceOrgnr: string;
  readonly sourceOrgnrChild: string | null;
  readonly sourceSystem: string | null;
}): Source => ({
  organisation: columns.sourceOrgnr,
  subUnit: columns.sourceOrgnrChild,
  system: columns.sourceSystem,
});

/** What the source calls it, else our word for its kind; a bare code only where we have no word. */
export const nameOf = ({ codeText, codes }: KeptContent, kind: string): string =>
  codeText ??
  displayOf(codes) ??
  (kind === 'other' ? codes[0]?.code : undefined) ??
  kind.replaceAll('-', ' ');

const displayOf = (codes: Component['codes']): string | undefined =>
  codes.find(({ display }) => display !== null)?.display?.trim();

/** The parts of NEWS2 by their SNOMED CT codes (specification of measurements, section 4.3). */
const news2Parts: readonly (readonly [code: string, name: string])[] = [
  ['1104301000000104', 'respiration'],
  ['1104321000000108', 'oxygen saturation'],
  ['1104331000000105', 'air or oxygen'],
  ['1104351000000103', 'pulse'],
  ['1104341000000101', 'systolic blood pressure'],
  ['1104361000000100', 'consciousness'],
  ['1104371000000107', 'temperature'],
];
const news2Codes: ReadonlySet<string> = new Set(news2Parts.map(([code]) => code));

export const isNews2Part = ({ codes }: Component): boolean =>
  codes.some(({ code }) => news2Codes.has(code));

// Components of which trends are drawn or scores are made have one name, whatever the source calls them.
const componentNames: ReadonlyMap<string, string> = new Map([
  ['8480-6', 'systolic'],
  ['271649006', 'systolic'],
  ['8462-4', 'diastolic'],
  ['271650006', 'diastolic'],
  ...news2Parts,
]);

export const componentName = ({ codes, codeText }: Component): string =>
  codes.map(({ code }) => componentNames.get(code)).find((name) => name !== undefined) ??
  codeText ??
  displayOf(codes) ??
  codes[0]?.code ??
  'component';
