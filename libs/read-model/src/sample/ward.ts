import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyVault, measurements } from '@samspill/contracts';
import {
  memoryEventLog,
  type EventLog,
  type LoggedRecord,
  type MemoryEventLog,
  type OutgoingEvent,
} from '@samspill/event-log';
import type { Position, Pseudonym } from '@samspill/kernel';
import { createDatabase, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { memoryKeyClient, type MemoryKeyClient } from '@samspill/privacy';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import {
  materialiser,
  type MaterialiserOptions,
  type RunningMaterialiser,
} from '../materialiser.ts';
import { migrate } from '../migrate.ts';
import type { OutcomeKind } from '../plan.ts';
import { createPool } from '../pool.ts';
import { keyShredded, recorded, wire, type RecordedFacts } from './events.ts';
import { readings } from './projections.ts';

/** The servers of a spec file. */
export interface Servers {
  readonly stack: LocalStack;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

export async function startServers(options: { own?: boolean } = {}): Promise<Servers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'read-model-'));
  const ignoreEnvironment = options.own ?? false;
  const stack = await startLocalStack({ dataDir, ports: 'free', ignoreEnvironment });
  const databaseUrl = await createDatabase(stack.databaseUrl, 'read_model_spec');
  return {
    stack,
    databaseUrl,
    stop: async () => {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A row as the specs look at it. */
export interface Reading {
  readonly event_id: string;
  readonly patient: string;
  readonly value: string;
  readonly src_offset: number;
  readonly key_version: number;
}

/** An app with its own schema, a log in memory and a vault in memory, on a real PostgreSQL. */
export interface Ward {
  readonly servers: Servers;
  readonly log: MemoryEventLog;
  readonly keys: MemoryKeyClient;
  readonly pool: Pool;
  readonly schema: string;
  readonly outcomes: Map<OutcomeKind, number>;
  /** What was logged, as JSON. */
  readonly logged: string[];
  options(changes?: Partial<MaterialiserOptions>): MaterialiserOptions;
  start(changes?: Partial<MaterialiserOptions>): Promise<RunningMaterialiser>;
  append(...events: OutgoingEvent[]): Position[];
  /** Seals under the newest key and appends. */
  record(patient: Pseudonym, facts?: RecordedFacts): Promise<Position>;
  /** The vault destroys the keys and says so. */
  shred(patient: Pseudonym): void;
  readings(): Promise<Reading[]>;
  gate(
    patient: Pseudonym,
  ): Promise<{ state: string; reason: string; from_offset: number } | undefined>;
  close(): Promise<void>;
}

const migrations = fileURLToPath(new URL('.', import.meta.url));

export async function openWard(
  servers: Servers,
  partitions = 2,
  batchRecordsMax = 50,
): Promise<Ward> {
  const schema = `ward_${randomBytes(6).toString('hex')}`;
  const pool = createPool(servers.databaseUrl, { schema, max: 6, applicationName: schema });
  await migrate(pool, { schema, folder: migrations });
  const log = memoryEventLog({
    topics: { [measurements.topic]: partitions, [keyVault.topic]: partitions },
    batchRecordsMax,
  });
  const keys = memoryKeyClient();
  const outcomes = new Map<OutcomeKind, number>();
  const logged: string[] = [];
  const write = (fields: Record<string, unknown>, message: string): void =>
    void logged.push(JSON.stringify({ ...fields, message }));
  const running: RunningMaterialiser[] = [];

  const ward: Ward = {
    servers,
    log,
    keys,
    pool,
    schema,
    outcomes,
    logged,
    options: (changes = {}) => ({
      eventLog: log,
      wire,
      keys,
      pool,
      schema,
      consumer: 'ward',
      projection: readings,
      logger: { debug: write, info: write, warn: write, error: write },
      onOutcome: (kind, records) => outcomes.set(kind, (outcomes.get(kind) ?? 0) + records),
      ...changes,
    }),
    start: async (changes) => {
      const started = await materialiser(ward.options(changes)).start();
      running.push(started);
      return started;
    },
    append: (...events) => events.map((event) => log.append(event)),
    record: async (patient, facts) => {
      const [key] = await keys.sealingKeys(measurements.name, [patient]);
      if (key === undefined) throw new Error('no key');
      return log.append(recorded(patient, key, facts));
    },
    shred: (patient) => {
      const version = keys.shred(measurements.name, patient);
      log.append(keyShredded(patient, version));
    },
    readings: async () =>
      (
        await pool.query<Reading>(
          `SELECT event_id, patient, value, src_offset, key_version FROM ${schema}.reading ORDER BY patient, src_offset`,
        )
      ).rows,
    gate: async (patient) =>
      (
        await pool.query<{ state: string; reason: string; from_offset: number }>(
          `SELECT state, reason, from_offset FROM ${schema}.patient_gate WHERE patient = $1`,
          [patient],
        )
      ).rows[0],
    close: async () => {
      await Promise.all(running.map((one) => one.close()));
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
  return ward;
}

/** Asks until the answer is the expected one; the bound is wide, since the machine may be busy. */
export const eventually = <T>(ask: () => T) => expect.poll(ask, { timeout: 30_000, interval: 10 });

/** Waits until the read model stands at the end of the log. */
export async function caughtUp(running: RunningMaterialiser): Promise<void> {
  const behind = async (): Promise<number> =>
    (await running.lag()).reduce((sum, { records }) => sum + records, 0);
  await eventually(behind).toBe(0);
}

/** Every record of a topic, as a reader of its own sees them. */
export async function recordsOf(log: EventLog, topic: string): Promise<LoggedRecord[]> {
  const ranges = await log.ranges(topic);
  const wanted = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const records: LoggedRecord[] = [];
  const subscription = await log.subscribe({
    topics: [topic],
    group: `reader-${randomBytes(6).toString('hex')}`,
    claim: (partitions) => Promise.resolve(partitions.map(() => 0)),
    handle: (batch) => {
      records.push(...batch.records);
      return Promise.resolve('done');
    },
  });
  await eventually(() => records.length).toBe(wanted);
  await subscription.close();
  return records;
}
