import type { Component, Value } from '@samspill/contracts';
import { nothingMore } from '@samspill/contracts/sample';
import type { KeptContent } from '@samspill/observations';
import type { MeasurementRow, OverviewRows } from './overview.query.ts';

/** For specs: noon of a winter day in Norway. */
export const noon = new Date('2026-01-05T12:00:00+01:00');

export const quantity = (
  text: string,
  unit: string | null,
  changes: Partial<Value> = {},
): Value => ({
  type: 'Quantity',
  text,
  comparator: null,
  unit,
  unitSystem: null,
  unitCode: null,
  codes: [],
  ...changes,
});

export const component = (
  code: string,
  value: Value | null,
  low?: string,
  high?: string,
): Component => ({
  codes: [{ system: null, code, display: null }],
  codeText: null,
  value,
  dataAbsentReason: value === null ? 'unknown' : null,
  interpretation: [],
  referenceRanges:
    low === undefined && high === undefined
      ? []
      : [{ low: low ?? null, high: high ?? null, unit: null, text: null }],
});

interface Sample {
  readonly kind?: string;
  readonly series?: string;
  readonly id?: string;
  readonly at?: string;
  readonly status?: string;
  readonly versions?: number;
  readonly system?: string;
  readonly content?: Partial<KeptContent>;
}

/** For specs: a pulse of 85 an hour before noon, changed by what is given. */
export function measured({ kind = 'heart-rate', content, ...of }: Sample = {}): MeasurementRow {
  const at = of.at ?? '2026-01-05T11:00:00+01:00';
  const kept: KeptContent = {
    ...nothingMore,
    codes: [],
    effective: { start: at, end: null, precision: 'instant', basis: 'effective' },
    value: quantity('85', '/min'),
    ...content,
  };
  return {
    measurementId: of.id ?? `${kind}-${at}`,
    series: of.series ?? kind,
    kind,
    status: of.status ?? 'final',
    effectiveFrom: new Date(at),
    recordedAt: new Date('2026-01-05T11:30:00+01:00'),
    versions: of.versions ?? 1,
    sourceOrgnr: '310000019',
    sourceOrgnrChild: null,
    sourceSystem: of.system ?? 'Hub 2.1',
    content: JSON.stringify(kept),
  };
}

/** For specs: what was read of a patient. */
export const rows = (
  measurements: readonly MeasurementRow[],
  rest: Partial<OverviewRows> = {},
): OverviewRows => ({ measurements, sources: [], retractions: [], unreadable: 0, ...rest });
