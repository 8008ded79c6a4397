import type { Client } from 'pg';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { CheckpointSeen, GateSeen, ReadModelEvidence, RowSeen } from './evidence.ts';
import { digestOf } from './digest.ts';
import { standingById } from './log-index.ts';
import type { FollowedTable } from './followed-tables.ts';
import type { Replayed } from './replay.ts';
import { withClient } from './with-client.ts';

/** What one version of a read model holds. */
type Held = Pick<ReadModelEvidence, 'name' | 'consumer' | 'rows' | 'gates' | 'checkpoints'> & {
  readonly followed: FollowedTable;
};

/** Everything that the services keep of the measurements, in every version that they follow, from the tables themselves. */
export async function readModelsOf(
  databaseUrls: FaultMesh['databaseUrls'],
  followedTables: readonly FollowedTable[],
): Promise<readonly Held[]> {
  const held = await Promise.all(
    followedTables.map((followed) =>
      withClient(databaseUrls[followed.service], (db) => heldBy(db, followed)),
    ),
  );
  return held.flat();
}

/** With what a replay of the log gives, each event at the place that counts. */
export function withExpected(
  held: readonly Held[],
  events: readonly Replayed[],
  shredded: ReadonlyMap<string, number>,
): ReadModelEvidence[] {
  const standing = standingById(events.map(({ seen }) => seen));
  const counted = events.filter(({ seen }) => standing.get(seen.eventId) === seen);
  return held.map(({ followed, ...rest }) => ({
    ...rest,
    expected: followed.expected(counted, shredded),
  }));
}

export const schemaOf = (service: string): string => service.replaceAll('-', '_');

async function heldBy(db: Client, followed: FollowedTable): Promise<Held[]> {
  const { service, projection, consumer } = followed;
  const versions = await db.query<{ version: number; state: string }>(
    `SELECT version, state FROM ${schemaOf(service)}.read_model_version
      WHERE projection = $1 AND state <> 'discarded' ORDER BY version`,
    [projection],
  );
  const held: Held[] = [];
  for (const { version, state } of versions.rows) {
    held.push({
      name: `${service}.${projection}.v${version} (${state})`,
      consumer,
      followed,
      rows: await rowsOf(db, followed, version),
      gates: await gatesOf(db, followed, version),
      checkpoints: await checkpointsOf(db, followed, version),
    });
  }
  return held;
}

interface Columns extends Readonly<Record<string, unknown>> {
  readonly event_id: string;
  readonly patient: string;
  readonly src_partition: number;
  readonly src_offset: number;
  readonly is_retraction: boolean;
  readonly measurement_id: string;
}

/** Partition by partition, so that only digests of the rows are held all at once. */
async function rowsOf(
  db: Client,
  { service, table, columns, retraction }: FollowedTable,
  version: number,
): Promise<RowSeen[]> {
  const name = `${schemaOf(service)}.${table}_v${version}`;
  const partitions = await db.query<{ partition: number }>(
    `SELECT DISTINCT src_partition AS partition FROM ${name}`,
  );
  const rows: RowSeen[] = [];
  for (const { partition } of partitions.rows) {
    const found = await db.query<Columns>(
      `SELECT event_id, patient, src_partition, src_offset::float8, ${retraction} AS is_retraction,
              ${columns.join(', ')}
         FROM ${name} WHERE src_partition = $1`,
      [partition],
    );
    for (const {
      event_id,
      patient,
      src_partition,
      src_offset,
      is_retraction,
      ...own
    } of found.rows) {
      rows.push({
        eventId: event_id,
        patient,
        partition: src_partition,
        offset: src_offset,
        measurementId: own.measurement_id,
        isRetraction: is_retraction,
        digest: digestOf(own),
      });
    }
  }
  return rows;
}

const gatesOf = async (
  db: Client,
  { service, projection }: FollowedTable,
  version: number,
): Promise<GateSeen[]> =>
  (
    await db.query<GateSeen>(
      `SELECT patient, state, reason, position FROM ${schemaOf(service)}.patient_gate
        WHERE projection = $1 AND version = $2`,
      [projection, version],
    )
  ).rows;

const checkpointsOf = async (
  db: Client,
  { service, projection }: FollowedTable,
  version: number,
): Promise<CheckpointSeen[]> =>
  (
    await db.query<CheckpointSeen>(
      `SELECT topic, partition, next_offset::float8 AS next FROM ${schemaOf(service)}.projection_offset
        WHERE projection = $1 AND version = $2`,
      [projection, version],
    )
  ).rows;
