import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { dataProducts, measurements } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import type { Pseudonym } from '@samspill/kernel';
import { createDatabase } from '@samspill/local-stack';
import { httpKeyClient } from '@samspill/privacy';
import { createPool, type ProbePoint } from '@samspill/read-model';
import { openWireFormat } from '@samspill/schema-registry';
import { publishReadings, seededRandom } from '@samspill/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { CrashSetting } from './crash-setting.ts';
import { readLog } from './read-log.ts';
import { until } from './until.ts';

const seed = Number(process.env['SAMSPILL_SEED'] ?? 20_261_124);
const patientCount = 500;
const readingsPerPatient = 200;
const total = patientCount * readingsPerPatient;
const randomKills = 20;
const points: readonly ProbePoint[] = ['fetched', 'begun', 'written', 'committed', 'acknowledged'];

const mesh = inject('mesh');
const schema = 'crash_test';
const root = join(import.meta.dirname, '../../..');
const random = seededRandom(seed, 'crash');

let log: EventLog;
let pool: Pool;
let setting: CrashSetting;
let child: ChildProcess | undefined;

beforeAll(async () => {
  const databaseUrl = await createDatabase(mesh.databaseUrl, schema);
  pool = createPool(databaseUrl, { schema, applicationName: 'crash-test-reader' });
  log = kafkaEventLog({ brokers: mesh.brokers, clientId: 'measurements' });
  setting = {
    brokers: mesh.brokers,
    registryUrl: mesh.registryUrl,
    databaseUrl,
    keyVaultUrl: mesh.urls['key-vault'],
    schema,
    projection: 'crash-test',
  };
});

afterAll(async () => {
  child?.kill('SIGKILL');
  await log.close();
  await pool.end();
});

function startMaterialiser(crashAt?: CrashSetting['crashAt']): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'tools/e2e/src/crashing-materialiser.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json'),
      CRASH_SETTING: JSON.stringify({ ...setting, ...(crashAt && { crashAt }) }),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
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
    const crashed = startMaterialiser({ point, times: random.whole(2, 9) });
    child = crashed;
    const [, signal] = (await once(crashed, 'exit')) as [number | null, string | null];
    expect(signal, `the process died at ${point}`).toBe('SIGKILL');
  }
  const patients = await publishing;
  const start = await appliedOffsets();
  const moments = Array.from({ length: randomKills }, () => random.next()).sort((a, b) => a - b);
  const ends = await log.ranges(measurements.topic);
  const end = ends.reduce((sum, range) => sum + range.end, 0);
  for (const moment of moments) {
    const running = startMaterialiser();
    child = running;
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
  child = startMaterialiser();
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
