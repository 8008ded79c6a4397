import { keyVault } from '@samspill/contracts';
import { partitionOf } from '@samspill/event-log';
import type { EventId, Pseudonym } from '@samspill/kernel';
import {
  eventRows,
  listParkingStops,
  patientStandings,
  type EventRow,
  type PatientStanding,
  type Projection,
  type RowsWanted,
} from '@samspill/read-model';
import type { LagWatch, PartitionStanding } from './lag-watch.ts';
import type { Operations, ShownEvent } from './operations.ts';
import { partitionLag, type PartitionLag } from './partition-lag.ts';

/** How an event, or the newest events of a patient, stand in one version of a read model. */
export interface ReadModelStanding {
  readonly projection: string;
  readonly version: number;
  readonly state: PartitionStanding['state'];
  readonly product: string;
  /** False: it reads clear fields alone, and gates do not concern it. */
  readonly opens: boolean;
  /** Nothing of what was projected is in them. */
  readonly rows: readonly EventRow[];
  /** What readers see of the event, in the version that they see. */
  readonly shown: ShownEvent | null;
  readonly patients: readonly PatientStanding[];
  /** The partitions on which the patients' events lie, and those with what the key vault states of them. */
  readonly partitions: readonly PartitionLag[];
}

/** One event, or the newest of a patient. */
export interface StandingQuestion {
  readonly eventId?: EventId | undefined;
  /** Linked pseudonyms; those of the rows that are found are added. */
  readonly patients: readonly Pseudonym[];
  /** Rows of a patient at most, where no event is named. */
  readonly limit: number;
}

/** Asks database and log; without an answer of the log, ends are null. Rejects with DATABASE_UNAVAILABLE. */
export async function eventStandings(
  operations: Operations,
  watch: LagWatch,
  question: StandingQuestion,
): Promise<ReadModelStanding[]> {
  const { pool, projections } = operations;
  const [standings, stops] = await Promise.all([watch.look(), listParkingStops(pool, operations)]);
  const found = await Promise.all(
    versionsOf(standings).map(async (one) => {
      const projection = projections.find(({ name }) => name === one.projection);
      if (projection === undefined) return [];
      const rows = await eventRows(
        pool,
        { ...operations, ...one, tables: projection.tables },
        wantedOf(question),
      );
      return [{ ...one, of: projection, rows }];
    }),
  );
  const versions = found.flat();
  // A version without the row knows the patient from one that has it.
  const patients = [
    ...new Set([
      ...question.patients,
      ...versions.flatMap(({ rows }) => rows.map(({ patient }) => patient)),
    ]),
  ];
  return Promise.all(
    versions.map(async ({ of, projection, version, state, rows }) => ({
      ...{ projection, version, state, product: of.product.name, opens: of.opens, rows },
      shown: state === 'live' ? await shownOf(operations, projection, question.eventId) : null,
      patients: await patientStandings(
        pool,
        { schema: operations.schema, projection, version },
        of.product.name,
        patients,
      ),
      partitions: standings
        .filter((one) => one.projection === projection && one.version === version)
        .filter((one) => concerns(one, of, patients))
        .map((one) => partitionLag(one, stops)),
    })),
  );
}

const wantedOf = ({ eventId, patients, limit }: StandingQuestion): RowsWanted =>
  eventId === undefined ? { patients, limit } : { eventId };

const versionsOf = (standings: readonly PartitionStanding[]) => [
  ...new Map(
    standings.map(({ projection, version, state }) => [
      `${projection} ${version}`,
      { projection, version, state },
    ]),
  ).values(),
];

const shownOf = async (
  { shown }: Operations,
  projection: string,
  eventId: EventId | undefined,
): Promise<ShownEvent | null> =>
  shown?.projection === projection && eventId !== undefined
    ? ((await shown.of(eventId)) ?? null)
    : null;

/** Whether records about one of these patients lie there. */
const concerns = (
  { topic, partition }: PartitionStanding,
  { product }: Projection,
  patients: readonly Pseudonym[],
): boolean =>
  [product, keyVault].some(
    (one) =>
      one.topic === topic &&
      patients.some((patient) => partitionOf(patient, one.partitions) === partition),
  );
