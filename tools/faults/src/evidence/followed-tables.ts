import { measurements } from '@samspill/contracts';
import { measurementProjection } from '@samspill/observations';
import type { ServiceName } from '@samspill/testing';
import { isDestroyed, type RowSeen } from './evidence.ts';
import { digestOf } from './digest.ts';
import type { Replayed } from './replay.ts';

/** A read model of the measurements, and what a replay makes of it. */
export interface FollowedTable {
  readonly service: ServiceName;
  readonly projection: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Whose grants it follows. */
  readonly consumer: string | undefined;
  /** SQL for whether a row is a retraction. */
  readonly retraction: string;
  /** The rows of the log's events, without those of destroyed keys where they are deleted. */
  readonly expected: (
    events: readonly Replayed[],
    shredded: ReadonlyMap<string, number>,
  ) => RowSeen[];
}

const { MeasurementRetracted } = measurements.events;

const rowSeen = ({ seen }: Replayed, values: Readonly<Record<string, unknown>>): RowSeen => ({
  eventId: seen.eventId,
  patient: seen.key,
  partition: seen.partition,
  offset: seen.offset,
  measurementId: seen.measurementId,
  isRetraction: seen.type === MeasurementRetracted.fullName,
  digest: digestOf(values),
});

const [{ name: measurementTable, columns }] = measurementProjection.tables as [
  (typeof measurementProjection.tables)[number],
];

/** By the projection's own functions, which are pure; everything around them is done here anew. */
const measurementsOf = (service: ServiceName): FollowedTable => ({
  service,
  projection: measurementProjection.name,
  table: measurementTable,
  columns: Object.keys(columns),
  consumer: service,
  retraction: 'retraction IS NOT NULL',
  expected: (events, shredded) =>
    events.flatMap((one) => {
      if (one.event === undefined || isDestroyed(shredded, one.seen.key, one.seen.keyVersion))
        return [];
      const rows = measurementProjection.on[one.event.name]?.(one.event) ?? [];
      return rows.map(({ values }) => rowSeen(one, values));
    }),
});

/** The intake's ledger: clear fields alone, of all patients, and a mark instead of a deletion. */
const ledger: FollowedTable = {
  service: 'measurements',
  projection: 'ledger',
  table: 'held_event',
  columns: [
    ...['natural_key', 'content_mark', 'measurement_id', 'event_name', 'recorded_at', 'erased'],
  ],
  consumer: undefined,
  retraction: `event_name = '${MeasurementRetracted.name}'`,
  expected: (events, shredded) =>
    events.map((one) => {
      const { envelope } = one.clear;
      return rowSeen(one, {
        natural_key: envelope.naturalKey,
        content_mark: envelope.contentMark,
        measurement_id: one.seen.measurementId,
        event_name: one.name,
        recorded_at: new Date(envelope.recordedAt),
        erased: isDestroyed(shredded, one.seen.key, one.seen.keyVersion),
      });
    }),
};

export const followedTables: readonly FollowedTable[] = [
  measurementsOf('emergency-ward'),
  measurementsOf('measurements'),
  ledger,
];
