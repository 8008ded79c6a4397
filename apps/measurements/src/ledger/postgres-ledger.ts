import { setTimeout as pause } from 'node:timers/promises';
import { keyVault, measurements } from '@samspill/contracts';
import type { EventLog, PartitionRange } from '@samspill/event-log';
import {
  gathered,
  SamspillError,
  type EventId,
  type Position,
  type Pseudonym,
} from '@samspill/kernel';
import { measurementProjection, type KeptContent } from '@samspill/observations';
import { reachedPositions } from '@samspill/read-model';
import type { Pool } from 'pg';
import type { HeldVersion } from '../decide.ts';
import type { FormerContent, Ledger } from './ledger.ts';
import { ledgerProjection } from './ledger-projection.ts';

interface HeldRow {
  readonly naturalKey: string;
  readonly eventId: EventId;
  readonly measurementId: string;
  readonly patient: Pseudonym;
  readonly contentMark: string;
  readonly eventName: string;
  readonly recordedAt: Date;
  readonly partition: number;
  readonly offset: number;
  readonly erased: boolean;
}

/** At the same time, of all callers; the pool is for the materialisers too. */
const lookUpsMax = 2;
const catchUpMaxMs = 5_000;
/** A correction does without the content that it replaces when that takes longer. */
const formerMaxMs = 2_000;

/** The ledger in the service's own database, written by the materialiser of {@link ledgerProjection}. */
export function postgresLedger(
  pool: Pool,
  schema: string,
  eventLog: Pick<EventLog, 'ranges'>,
): Ledger {
  const heldOf = gathered((naturalKeys: readonly string[]) => heldVersions(pool, naturalKeys), {
    max: 1_000,
    openMax: lookUpsMax,
  });
  return {
    held: async (naturalKeys) => {
      const versions = await Promise.all(naturalKeys.map(heldOf));
      return new Map(
        naturalKeys.flatMap((key, at) => {
          const held = versions[at] ?? [];
          return held.length === 0 ? [] : [[key, held]];
        }),
      );
    },

    caughtUp: async () => {
      const ranges = await endOfLog(eventLog);
      const positions = ranges
        .filter(({ start, end }) => end > start)
        .map(({ topic, partition, end }): Position => ({ topic, partition, offset: end - 1 }));
      const projection = ledgerProjection.name;
      await reachedPositions(pool, { schema, projection, positions, timeoutMs: catchUpMaxMs });
    },

    formerContents: async (versions) => {
      const positions = versions.flatMap(({ position }) => position ?? []);
      const projection = measurementProjection.name;
      await reachedPositions(pool, { schema, projection, positions, timeoutMs: formerMaxMs }).catch(
        unlessNotReached,
      );
      const { rows } = await pool.query<{ eventId: EventId; content: string; resource: string }>({
        name: 'former-contents',
        text: `
          SELECT event_id AS "eventId", content, resource
            FROM measurement
           WHERE event_id = ANY ($1::uuid[]) AND retraction IS NULL`,
        values: [versions.map(({ eventId }) => eventId)],
      });
      return new Map(
        rows.map(({ eventId, content, resource }) => [eventId, former(content, resource)]),
      );
    },
  };
}

/** The versions of each key. */
async function heldVersions(
  pool: Pool,
  naturalKeys: readonly string[],
): Promise<readonly (readonly HeldVersion[])[]> {
  const { rows } = await pool.query<HeldRow>({
    name: 'held-events',
    text: `
      SELECT natural_key AS "naturalKey", event_id AS "eventId", measurement_id AS "measurementId", patient,
             content_mark AS "contentMark", event_name AS "eventName", recorded_at AS "recordedAt",
             src_partition AS partition, src_offset AS offset, erased
        FROM held_event
       WHERE natural_key = ANY ($1)
       ORDER BY recorded_at, src_offset`,
    values: [naturalKeys],
  });
  const held = Map.groupBy(rows, ({ naturalKey }) => naturalKey);
  return naturalKeys.map((key) => held.get(key)?.map(versionOf) ?? []);
}

/** A caller waits behind this, so it does not wait for all the tries that the log's client makes. */
async function endOfLog(eventLog: Pick<EventLog, 'ranges'>): Promise<PartitionRange[]> {
  const answered = new AbortController();
  const late = pause(catchUpMaxMs, undefined, { signal: answered.signal, ref: false }).then(() => {
    throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: 'end of the log' });
  });
  const topics = [measurements.topic, keyVault.topic];
  const asked = Promise.all(topics.map((topic) => eventLog.ranges(topic)));
  try {
    return (await Promise.race([asked, late])).flat();
  } finally {
    late.catch(() => undefined);
    answered.abort();
  }
}

function unlessNotReached(error: unknown): void {
  if (!(error instanceof SamspillError && error.code === 'POSITION_NOT_REACHED')) throw error;
}

const versionOf = (row: HeldRow): HeldVersion => ({
  eventId: row.eventId,
  measurementId: row.measurementId,
  patient: row.patient,
  contentMark: row.contentMark,
  retracted: row.eventName === measurements.events.MeasurementRetracted.name,
  recordedAtMs: row.recordedAt.getTime(),
  position: { topic: measurements.topic, partition: row.partition, offset: row.offset },
  erased: row.erased,
});

function former(content: string, resource: string): FormerContent {
  const { sourceUpdatedAt } = JSON.parse(content) as KeptContent;
  const ms = sourceUpdatedAt === null ? NaN : Date.parse(sourceUpdatedAt);
  return { sourceUpdatedAtMs: Number.isNaN(ms) ? undefined : ms, resource };
}
