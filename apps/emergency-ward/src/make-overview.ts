import { momentOf, readMeasurement, sourceOf, vitalSignOf } from './measurement-view.ts';
import { news2Of } from './news2.ts';
import type { Freshness, Overview, VitalSign } from './overview.ts';
import { pointsMax, type OverviewRows } from './overview.query.ts';
import { trendsOf } from './trends.ts';

/** Airway and breathing first, as a patient is examined; what is not named comes after. */
const clinicalOrder = [
  'respiration-rate',
  'oxygen-saturation',
  'heart-rate',
  'blood-pressure',
  'consciousness',
  'body-temperature',
  'glucose',
  'body-weight',
  'clinical-frailty',
  'questionnaire-score',
];

/** Makes the overview of one patient out of rows. Pure. */
export function overviewOf(rows: OverviewRows, readModel: Freshness, now: Date): Overview {
  const known = rows.measurements
    .map(readMeasurement)
    // Linked pseudonyms bring several runs of one series.
    .sort((a, b) => b.effectiveFrom.getTime() - a.effectiveFrom.getTime());
  const series = [...Map.groupBy(known, (measurement) => measurement.series).values()];
  const latest = series.flatMap((measurements) => measurements[0] ?? []);
  const score = latest.find(({ kind }) => kind === 'news2');
  return {
    asOf: now.toISOString(),
    readModel,
    sources: rows.sources.map((row) => ({
      ...sourceOf(row),
      lastReceived: momentOf(row.lastReceivedAt, now),
      lastMeasured: row.lastMeasuredAt && momentOf(row.lastMeasuredAt, now),
    })),
    vitalSigns: latest
      .filter((measurement) => measurement !== score)
      .map((measurement) => vitalSignOf(measurement, now))
      .sort(outOfRangeFirst),
    news2: score === undefined ? null : news2Of(score, now),
    trends: series
      .flatMap((measurements) => trendsOf(measurements, pointsMax, now))
      .sort(inClinicalOrder),
    retracted: rows.retractions.map((row) => ({
      measurementId: row.measurementId,
      kind: row.kind,
      retracted: momentOf(row.retractedAt, now),
      reason: row.reason,
      source: sourceOf(row),
    })),
    unreadable: rows.unreadable,
  };
}

const isOutside = ({ outOfRange }: VitalSign): boolean =>
  outOfRange === 'low' || outOfRange === 'high';

const outOfRangeFirst = (a: VitalSign, b: VitalSign): number =>
  Number(isOutside(b)) - Number(isOutside(a)) || inClinicalOrder(a, b);

interface Named {
  readonly kind: string;
  readonly name: string;
}

const inClinicalOrder = (a: Named, b: Named): number =>
  rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function rankOf({ kind }: Named): number {
  const rank = clinicalOrder.indexOf(kind);
  return rank === -1 ? clinicalOrder.length : rank;
}
