import type { EventLog, EventLogLogger } from '@samspill/event-log';
import type { ErrorCode } from '@samspill/kernel';
import type { KeyClient } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import type { Pool } from 'pg';
import type { CatchUpSizes, CaughtUpChunk } from './catch-up.ts';
import type { PartitionLag } from './checkpoint.ts';
import { groupOf } from './follow-version.ts';
import { FollowedVersions } from './followed-versions.ts';
import { namingLogger } from './naming-logger.ts';
import type { ParkingLimit } from './parking-limit.ts';
import type { OutcomeKind } from './plan.ts';
import type { Probe } from './probe.ts';
import type { Projection } from './projection.ts';
import { assertSameLog } from './same-log.ts';

export interface MaterialiserOptions {
  readonly eventLog: EventLog;
  /** Must know the product and `key-vault.patient-state`. */
  readonly wire: WireFormat;
  /** Needed where the projection opens. */
  readonly keys?: KeyClient;
  readonly pool: Pool;
  /** PostgreSQL schema of the app. */
  readonly schema: string;
  /** Name of the app: its client id, and the first part of the consumer group. */
  readonly consumer: string;
  readonly projection: Projection;
  /** Its lines name projection and version, and the partition where they are about one. */
  readonly logger: EventLogLogger;
  /** Counts what becomes of records; `held` counts every delivery that was put off, by the code for which it was. */
  readonly onOutcome?: (kind: OutcomeKind, records: number, heldFor?: ErrorCode) => void;
  /** After each chunk that was written. */
  readonly onChunk?: (chunk: WrittenChunk) => void;
  /** After each chunk of what patients missed. */
  readonly onCaughtUp?: (chunk: CaughtUpChunk) => void;
  /** How many patients may be parked with one code within how long, before the partition stops. */
  readonly parkingLimit?: ParkingLimit;
  /** Sizes of the steps in which patients are caught up. */
  readonly catchUpSizes?: CatchUpSizes;
  /** How often it looks for patients who wait to be caught up; 500 unless given. */
  readonly lookForWaitingMs?: number;
  readonly probe?: Probe;
}

export interface WrittenChunk {
  /** Consumer group of the version. */
  readonly group: string;
  readonly topic: string;
  /** From its first record to its commit. */
  readonly durationMs: number;
  readonly records: number;
  /** By what became of them. */
  readonly counts: ReadonlyMap<OutcomeKind, number>;
}

export interface Materialiser {
  readonly name: string;
  /**
   * Joins the group of each version that exists, and of those that come. Rejects with DATABASE_UNAVAILABLE,
   * EVENT_LOG_UNAVAILABLE, TOPIC_MISSING, or LOG_DATABASE_MISMATCH where log and database do not belong together.
   */
  start(): Promise<RunningMaterialiser>;
}

export interface RunningMaterialiser {
  /** Resolves when it was closed, rejects when it died: then the process ends, so that others take over. */
  readonly ended: Promise<void>;
  /** True while it fetches or heartbeats. */
  isAlive(): boolean;
  /** Finishes the running batches, then leaves the groups. */
  close(): Promise<void>;
  /** Of the version that readers see; by the read model's own checkpoint, not by what Kafka has committed. */
  lag(): Promise<PartitionLag[]>;
}

/**
 * Reads a product's events, turns them into rows and writes rows and checkpoint together (design D7, engine guide 8), for
 * each version of the read model. Read on: followed-versions, follow-version, chunk.
 */
export function materialiser(options: MaterialiserOptions): Materialiser {
  const { consumer, projection } = options;
  if (projection.opens && options.keys === undefined) {
    throw new TypeError(`projection ${projection.name} opens events and is given no keys`);
  }
  return {
    name: groupOf(consumer, projection.name, 1),
    start: async () => {
      await assertSameLog(options, { schema: options.schema, projection: projection.name });
      const logger = namingLogger(options.logger, { projection: projection.name });
      const versions = new FollowedVersions({ ...options, logger });
      await versions.start();
      return versions;
    },
  };
}
