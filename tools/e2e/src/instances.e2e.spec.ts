import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { measurements } from '@samspill/contracts';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import { within, type Pseudonym } from '@samspill/kernel';
import { createDatabase } from '@samspill/local-stack';
import { httpKeyClient } from '@samspill/privacy';
import { createPool } from '@samspill/read-model';
import { until } from '@samspill/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { CrashSetting } from './crash-setting.ts';
import { readLog } from './read-log.ts';
import { startReadingStream, type ReadingStream } from './reading-stream.ts';
import { startMaterialiser } from './start-materialiser.ts';

const patientCount = 60;
const mesh = inject('mesh');
const schema = 'instances_test';
const projection = 'instances-test';

const started = new AsyncDisposableStack();
let log: EventLog;
let pool: Pool;
let setting: CrashSetting;
let patients: readonly Pseudonym[];
let stream: ReadingStream;

beforeAll(async () => {
  const databaseUrl = await createDatabase(mesh.databaseUrl, schema);
  pool = createPool(databaseUrl, { schema, applicationName: 'instances-test-reader' });
  started.defer(() => pool.end());
  log = kafkaEventLog({ brokers: mesh.brokers, clientId: 'measurements' });
  started.defer(() => log.close());
  const keyVaultUrl = mesh.urls['key-vault'];
  const { brokers, registryUrl } = mesh;
  setting = { brokers, registryUrl, databaseUrl, keyVaultUrl, schema, projection };
  const keys = httpKeyClient({ url: keyVaultUrl, clientId: 'measurements' });
  const identifiers = Array.from({ length: patientCount }, (_, n) => ({
    system: 'urn:samspill:instances-test',
    value: `patient-${n}`,
  }));
  const found = await keys.pseudonyms(identifiers, 'create');
  patients = found.map((set) => set?.[0] as Pseudonym);
  stream = await startReadingStream(mesh, patients, Infinity);
  started.defer(() => stream.close());
});

afterAll(() => started.disposeAsync());

function start(sessionTimeoutMs = 3_000): ChildProcess {
  const child = startMaterialiser({ ...setting, sessionTimeoutMs });
  started.defer(() => void child.kill('SIGKILL'));
  return child;
}

/** How many partitions of the product each process has. */
async function owners(): Promise<ReadonlyMap<number, number>> {
  const { rows } = await pool
    .query<{ pid: number; partitions: number }>(
      `SELECT split_part(owner, '/', 2)::int AS pid, count(*)::int AS partitions
         FROM projection_offset WHERE projection = $1 AND topic = $2 AND owner IS NOT NULL
        GROUP BY owner`,
      [projection, measurements.topic],
    )
    // Before the first start the tables are not there.
    .catch(() => ({ rows: [] }));
  return new Map(rows.map(({ pid, partitions }) => [pid, partitions]));
}

const sharedBy = async (...expected: ChildProcess[]): Promise<void> => {
  const pids = expected.map(({ pid }) => pid ?? 0).sort((a, b) => a - b);
  await until(
    `partitions shared by ${pids.join(' and ')}`,
    90_000,
    async () => [...(await owners()).keys()].sort((a, b) => a - b),
    (found) => JSON.stringify(found) === JSON.stringify(pids),
  );
};

/** Has somebody else take over, says how long that took, and lets some more be written. */
async function takenOverBy(what: string, ...successors: ChildProcess[]): Promise<void> {
  const sinceMs = performance.now();
  await sharedBy(...successors);
  process.stdout.write(`${what}: taken over in ${Math.round(performance.now() - sinceMs)} ms\n`);
  const more = stream.reached(stream.rounds() + 3).then(() => true);
  expect(await within(60_000, more), 'more readings are written').toBe(true);
}

const end = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  expect((await exited)[0]).toBe(0);
};

it('instances that are stopped longer than their session, killed and rolled over leave the read model equal to the log', async () => {
  const [first, second] = [start(), start()];
  await sharedBy(first, second);

  first.kill('SIGSTOP');
  await takenOverBy('stopped', second);
  first.kill('SIGCONT');
  // Fenced with what it still held; then it is a member like any other.
  await takenOverBy('back again', first, second);

  second.kill('SIGKILL');
  await takenOverBy('killed', first);

  // Sessions longer than anybody waits here: whoever leaves has to say so.
  const third = start(120_000);
  await takenOverBy('joined', first, third);
  const fourth = start(120_000);
  await takenOverBy('joined', first, third, fourth);
  await end(third);
  await takenOverBy('left', first, fourth);
  await end(fourth);
  await takenOverBy('left', first);

  await stream.close();
  const ends = (await log.ranges(measurements.topic)).map(({ end: at }) => at);
  await until(
    'the end of the log',
    60_000,
    async () =>
      (
        await pool.query<{ next: number }>(
          `SELECT next_offset AS next FROM projection_offset
            WHERE projection = $1 AND topic = $2 ORDER BY partition`,
          [projection, measurements.topic],
        )
      ).rows.map(({ next }) => next),
    (next) => JSON.stringify(next) === JSON.stringify(ends),
  );
  await end(first);

  const logged = await readLog(mesh.brokers, measurements.topic);
  const { rows } = await pool.query<{ event_id: string; patient: string; value: string }>(
    `SELECT event_id, patient, content::json -> 'value' ->> 'text' AS value
       FROM measurement WHERE patient = ANY($1) ORDER BY patient, src_offset`,
    [patients],
  );
  const written = new Set<string>(patients);
  const own = logged.filter(({ key }) => written.has(key)).map(({ id }) => id);
  expect(new Set(rows.map((row) => row.event_id))).toEqual(new Set(own));
  const rising = Array.from({ length: stream.rounds() }, (_, n) => String(n + 1));
  for (const ofPatient of Map.groupBy(rows, ({ patient }) => patient).values()) {
    expect(ofPatient.map(({ value }) => value)).toEqual(rising);
  }
  expect(rows).toHaveLength(patientCount * stream.rounds());
}, 400_000);
