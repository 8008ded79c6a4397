import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dataProducts, measurements } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import type { Pseudonym } from '@samspill/kernel';
import { createDatabase } from '@samspill/local-stack';
import { httpKeyClient } from '@samspill/privacy';
import { createPool, type ProbePoint } from '@samspill/read-model';
import { openWireFormat } from '@samspill/schema-registry';
import { publishReadings, seededRandom, until } from '@samspill/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { CrashSetting } from './crash-setting.ts';
import { readLog } from './read-log.ts';
import { startMaterialiser } from './start-materialiser.ts';

const seed = Number(process.env['SAMSPILL_SEED'] ?? 20_261_124);
const patientCount = 500;
const readingsPerPatient = 200;
const total = patientCount * readingsPerPatient;
const randomKills = 20;
const points: readonly ProbePoint[] = ['fetched', 'begun', 'written', 'committed', 'acknowledged'];

const mesh = inject('mesh');
const schema = 'crash_test';
const random = seededRandom(seed, 'crash');

const started = new AsyncDisposableStack();
let log: EventLog;
let pool: Pool;
let setting: CrashSetting;

beforeAll(async () => {
  const databaseUrl = await createDatabase(mesh.databaseUrl, schema);
  pool = createPool(databaseUrl, { schema, applicationName: 'crash-test-reader' });
  started.defer(() => pool.end());
  log = kafkaEventLog({ brokers: mesh.brokers, clientId: 'measurements' });
  started.defer(() => log.close());
  setting = {
    brokers: mesh.brokers,
    registryUrl: mesh.registryUrl,
    databaseUrl,
    keyVaultUrl: mesh.urls['key-vault'],
    schema,
    projection: 'crash-test',
  };
});

afterAll(() => started.disposeAsync());

function startOne(crashAt?: CrashSetting['crashAt']): ChildProcess {
  const child = startMaterialiser({ ...setting, ...(crashAt && { crashAt }) });
  started.defer(() => void child.kill('SIGKILL'));
  return child;
}

async function appliedOffsets(): Promise<number> {
  const { rows } = await pool
    .query<{ sum: number }>(
      `SELECT coalesce(sum(next_offset), 0)::float8 AS sum FROM projection_offset
       WHERE projection = 'crash-test' AND topic = $1`,
      [measurements.topic],
    )
    // Before its first start the tables are not there.
    .catch(() => ({ rows: [{ sum: 0 }] }));
  return rows[0]?.sum ?? 0;
}

/** Answers with the patients it made. */
async function publishAll(): Promise<Set<string>> {
  const keys = httpKeyClient({ url: mesh.urls['key-vault'], clientId: 'measurements' });
  const wire = await openWireFormat({ registryUrl: mesh.registryUrl, products: dataProducts });
  const publisher = log.publisher();
  const identifiers = Array.from({ length: patientCount }, (_, n) => ({
    system: 'urn:samspill:crash-test',
    value: `patient-${seed}-${n}`,
  }));
  const found = await keys.pseudonyms(identifiers, 'create');
  const patients = found.map((set) => set?.[0] as Pseudonym);
  for (let value = 1; value <= readingsPerPatient; value += 1) {
    await publishReadings(
      { keys, wire, publisher },
      patients.map((patient) => ({ patient, value })),
    );
  }
  return new Set(patients);
}

it(`after kill -9 at the five points and at ${randomKills} moments (seed ${seed}) the read model equals the log, each event once and in order`, async () => {
  const publishing = publishAll();

  for (const point of points) {
    const crashed = startOne({ point, times: random.whole(2, 9) });
    const [, signal] = (await once(crashed, 'exit')) as [number | null, string | null];
    expect(signal, `the process died at ${point}`).toBe('SIGKILL');
  }
  const patients = await publishing;
  const start = await appliedOffsets();
  const moments = Array.from({ length: randomKills }, () => random.next()).sort((a, b) => a - b);
  const ends = await log.ranges(measurements.topic);
  const end = ends.reduce((sum, range) => sum + range.end, 0);
  for (const moment of moments) {
    const running = startOne();
    const target = start + moment * (end - start);
    await until(
      `the checkpoint at ${Math.round(target)}`,
      60_000,
      appliedOffsets,
      (sum) => sum >= target,
    );
    running.kill('SIGKILL');
    await once(running, 'exit');
  }
  startOne();
  await until('the end of the log', 120_000, appliedOffsets, (sum) => sum === end);

  const logged = await readLog(mesh.brokers, measurements.topic);
  const { rows } = await pool.query<{ event_id: string; patient: string; value: string }>(
    `SELECT event_id, patient, content::json -> 'value' ->> 'text' AS value
     FROM measurement WHERE patient = ANY($1) ORDER BY patient, src_offset`,
    [[...patients]],
  );
  const rowIds = rows.map((row) => row.event_id);
  expect(new Set(rowIds).size).toBe(rowIds.length);
  // Other files of the suite write to the same topic, and shred what they wrote.
  const ownIds = logged.filter(({ key }) => patients.has(key)).map(({ id }) => id);
  expect(new Set(rowIds)).toEqual(new Set(ownIds));

  expect(rowIds.length).toBe(total);
  const rising = Array.from({ length: readingsPerPatient }, (_, n) => String(n + 1));
  for (const own of Map.groupBy(rows, ({ patient }) => patient).values()) {
    expect(own.map(({ value }) => value)).toEqual(rising);
  }
});
