import { join } from 'node:path';
import type { DataProduct } from '@samspill/contracts';
import { partitionOf } from '@samspill/event-log';
import type { Pseudonym } from '@samspill/kernel';
import { createDatabase } from '@samspill/local-stack';
import { observationMigrations } from '@samspill/observations';
import { createPool, migrate } from '@samspill/read-model';
import { stepsBackOf, watchCheckpoints } from '../evidence/checkpoint-watch.ts';
import { collectEvidence } from '../evidence/collect-evidence.ts';
import type { Evidence, StepBack } from '../evidence/evidence.ts';
import { followedTables } from '../evidence/followed-tables.ts';
import { settled } from '../evidence/settled.ts';
import { withClient } from '../evidence/with-client.ts';
import type { History } from '../history/history.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { Person } from '../workload/people.ts';
import { startConsumer, type ConsumerProcess } from './consumer-process.ts';
import type { Hold } from './consumer-messages.ts';
import { mutants } from './mutants.ts';

const consumer = 'emergency-ward';
const schema = 'emergency_ward';
const followed = followedTables.filter(({ service }) => service === consumer);
const shortSessionMs = 2_000;
/** What a trial waits for has come by then, or does not come. */
export const trialWithinMs = 60_000;
/** A read model that a defect keeps from its end is looked at as it is. */
const settleMs = 25_000;

/** A read model, and the processes that are tried on it. */
export interface ConsumerTrial {
  /** One more process; held at a point of its first batch where told. */
  start(hold?: Hold): Promise<ConsumerProcess>;
  /** Resolves when the read model stands at the end of the log, or does not come any further. */
  settled(): Promise<void>;
  stepsBack(): Promise<StepBack[]>;
  /** `open` where there is no gate. */
  gateOf(person: Person): Promise<string>;
  /** Which process works the partition of a patient, as things stand. */
  owners(): Promise<Owners>;
  /** True when a checkpoint of the topic is beyond its start. */
  hasMoved(topic: string): Promise<boolean>;
  /** Settles, ends the processes and collects. */
  evidence(): Promise<Evidence>;
}

export interface Owners {
  /** By topic and partition. */
  readonly all: ReadonlyMap<string, string>;
  of(product: DataProduct, patient: Pseudonym): string | undefined;
}

export interface TrialGround {
  readonly mesh: FaultMesh;
  readonly history: History;
  readonly number: number;
  /** What is to be ended after the trial. */
  readonly endings: (() => Promise<void>)[];
}

export async function consumerTrial(
  { mesh, history, number, endings }: TrialGround,
  mutant: string | undefined,
  sessionTimeoutMs = shortSessionMs,
): Promise<ConsumerTrial> {
  const database = `trial_${number}`;
  const databaseUrl = await createDatabase(mesh.databaseUrls['emergency-ward'], database);
  const databaseUrls = { ...mesh.databaseUrls, [consumer]: databaseUrl };
  const pool = createPool(databaseUrl, { schema, applicationName: database });
  await migrate(pool, { schema, folder: observationMigrations });
  const sql = mutants.find(({ name }) => name === mutant)?.sql;
  if (sql !== undefined) await pool.query(sql);
  await pool.end();
  await watchCheckpoints(databaseUrls, followed);

  const processes: ConsumerProcess[] = [];
  let starts = 0;
  const settle = async (): Promise<void> => {
    await settled({ ...mesh, databaseUrls }, settleMs, followed);
  };
  const ask = <Row extends object>(text: string, values: unknown[]): Promise<Row[]> =>
    withClient(databaseUrl, async (db) => (await db.query<Row>(text, values)).rows);

  return {
    start: async (hold) => {
      const { brokers, registryUrl, keyVaultUrl } = mesh;
      const settings = { brokers, registryUrl, keyVaultUrl, databaseUrl, schema, consumer, hold };
      starts += 1;
      const logFile = join(mesh.dataDir, 'logs', `${database}-${starts}.log`);
      const started = await startConsumer({
        settings: { ...settings, sessionTimeoutMs },
        mutant,
        logFile,
      });
      processes.push(started);
      // All trials are of one group: a member that does not leave keeps its partitions from the next trial.
      endings.push(() => started.end());
      return started;
    },
    settled: settle,
    stepsBack: () => stepsBackOf(databaseUrls, followed),
    gateOf: async ({ pseudonym }) => {
      const rows = await ask<{ state: string }>(
        `SELECT state FROM ${schema}.patient_gate WHERE patient = $1`,
        [pseudonym],
      );
      return rows[0]?.state ?? 'open';
    },
    owners: async () => {
      const rows = await ask<{ place: string; owner: string }>(
        `SELECT topic || ':' || partition AS place, owner FROM ${schema}.projection_offset`,
        [],
      );
      const all = new Map(rows.map(({ place, owner }) => [place, owner]));
      return {
        all,
        of: (product, patient) =>
          all.get(`${product.topic}:${partitionOf(patient, product.partitions)}`),
      };
    },
    hasMoved: async (topic) => {
      const rows = await ask(
        `SELECT FROM ${schema}.projection_offset WHERE topic = $1 AND next_offset > 0`,
        [topic],
      );
      return rows.length > 0;
    },
    evidence: async () => {
      await settle();
      await Promise.all(processes.map((one) => one.end()));
      return collectEvidence({ mesh: { ...mesh, databaseUrls }, history, followed });
    },
  };
}
