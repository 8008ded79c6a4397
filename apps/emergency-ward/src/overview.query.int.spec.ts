import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataProducts, keyVault, measurements, type EventType } from '@samspill/contracts';
import { memoryEventLog } from '@samspill/event-log';
import type { Position, Pseudonym } from '@samspill/kernel';
import { createDatabase, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { measurementProjection } from '@samspill/observations';
import { memoryKeyClient } from '@samspill/privacy';
import {
  createPool,
  materialiser,
  migrate,
  reachedPositions,
  requeue,
  shownPatients,
  type RunningMaterialiser,
} from '@samspill/read-model';
import { memoryWireFormat } from '@samspill/schema-registry';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pulse, weight } from './fhir.sample.ts';
import { wardMigrations } from './emergency-ward.ts';
import { home } from './home.sample.ts';
import { overviewOf } from './make-overview.ts';
import { overviewStatements, readOverview } from './overview.query.ts';

const schema = 'emergency_ward';
const readModel = { schema, projection: measurementProjection.name };
const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const eventLog = memoryEventLog({
  topics: {
    [measurements.topic]: measurements.partitions,
    [keyVault.topic]: keyVault.partitions,
  },
});
const wire = memoryWireFormat(dataProducts);
const keys = memoryKeyClient();
const hub = home({ publisher: eventLog.publisher(), wire, keys });

let dataDir: string;
let stack: LocalStack;
let pool: Pool;
let running: RunningMaterialiser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-ward-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
  const database = `ward_${randomBytes(4).toString('hex')}`;
  const url = await createDatabase(stack.databaseUrl, database);
  pool = createPool(url, { schema, applicationName: 'spec' });
  for (const folder of wardMigrations) await migrate(pool, { schema, folder });
  running = await materialiser({
    eventLog,
    wire,
    keys,
    pool,
    schema,
    consumer: 'emergency-ward',
    projection: measurementProjection,
    logger: silent,
  }).start();
});

afterAll(async () => {
  await running.close();
  await eventLog.close();
  await pool.end();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const anyPatient = (): string => `${randomInt(1e10, 9e10)}`;
const pseudonymsOf = async (...nationalIds: string[]) =>
  (
    await keys.pseudonyms(
      nationalIds.map((value) => ({ system: null, value })),
      'find',
    )
  ).flatMap((set) => set ?? []);

const reached = (...positions: Position[]) =>
  reachedPositions(pool, { ...readModel, positions, timeoutMs: 10_000 });
const rowsOf = async (patients: readonly Pseudonym[]) =>
  readOverview(pool, await shownPatients(pool, readModel, patients));
const overview = async (...nationalIds: string[]) => {
  const found = await rowsOf(await pseudonymsOf(...nationalIds));
  return overviewOf(found, { lagRecords: 0, behindSeconds: 0 }, new Date());
};
const appendBroken = ({ topic, fullName: type }: EventType, key: Pseudonym | undefined) =>
  eventLog.append({
    topic,
    key,
    id: 'not-an-event-id',
    type,
    source: 'urn:samspill:310000019:measurements',
    value: Buffer.from('not in wire format'),
  });
const at = '2026-01-05T08:00:00+01:00';

/** A node of a plan that was run. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

async function planOf(text: string, values: readonly unknown[]): Promise<PlanNode> {
  const explain = `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`;
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(explain, [...values]);
  const [plan] = rows;
  if (plan === undefined) throw new Error('PostgreSQL tells a plan');
  return plan['QUERY PLAN'][0].Plan;
}

/** The nodes that read a table. */
const scansOf = (node: PlanNode): PlanNode[] => [
  ...(node['Relation Name'] === undefined ? [] : [node]),
  ...(node.Plans ?? []).flatMap(scansOf),
];

describe('the overview, from sealed events to what the doctor sees', () => {
  it('shows 85 after 85, 86 and 85 again, with three versions', async () => {
    const patient = anyPatient();
    await hub.measures(patient, pulse(85, { at }), 'm1');
    await hub.measures(patient, pulse(86, { at }), 'm1');
    await reached(await hub.measures(patient, pulse(85, { at }), 'm1'));

    const { vitalSigns, trends } = await overview(patient);
    expect(vitalSigns).toMatchObject([
      { value: { text: '85' }, outOfRange: 'inside', versions: 3 },
    ]);
    expect(trends).toMatchObject([{ kind: 'heart-rate', points: [{ normalised: '85' }] }]);
  });

  it('shows a trend in one unit and the ages of each source', async () => {
    const patient = anyPatient();
    await hub.measures(patient, weight(70500, 'g', { at: '2026-01-04T08:00:00+01:00' }));
    await reached(await hub.measures(patient, weight(70.2, 'kg', { at })));

    const { trends, sources } = await overview(patient);
    expect(trends[0]?.points.map(({ normalised }) => normalised)).toEqual(['70.5', '70.2']);
    expect(sources).toMatchObject([
      {
        organisation: '310000019',
        system: 'Hub 2.1',
        lastMeasured: { at: '2026-01-05T07:00:00.000Z' },
      },
    ]);
    expect(sources[0]?.lastReceived.ageSeconds).toBeLessThan(600);
  });

  it('hides what was taken back, says so, and falls back to what holds', async () => {
    const patient = anyPatient();
    await hub.measures(patient, pulse(85, { at: '2026-01-04T08:00:00+01:00' }), 'older');
    await hub.measures(patient, pulse(190, { at }), 'newer');
    await reached(await hub.takesBack(patient, 'newer'));

    const seen = await overview(patient);
    expect(seen.vitalSigns).toMatchObject([{ value: { text: '85' } }]);
    expect(seen.retracted).toMatchObject([
      { measurementId: 'newer', kind: 'heart-rate', reason: 'entered-in-error' },
    ]);
    expect(JSON.stringify(seen)).not.toContain('190');
  });

  it('leaves nothing of a value with the wrong patient, not even its kind', async () => {
    const [wrong, right] = [anyPatient(), anyPatient()];
    await hub.measures(wrong, pulse(191, { at }), 'm1');
    const left = await hub.takesBack(wrong, 'm1', 'wrong-patient');
    await reached(left, await hub.measures(right, pulse(191, { at }), 'm1'));

    const seen = await overview(wrong);
    expect(seen).toMatchObject({ vitalSigns: [], trends: [] });
    expect(seen.retracted).toMatchObject([{ kind: null, reason: 'wrong-patient' }]);
    expect(JSON.stringify(seen)).not.toContain('191');
    expect((await overview(right)).vitalSigns).toMatchObject([{ value: { text: '191' } }]);
  });

  it('joins linked pseudonyms: a move between them is no retraction', async () => {
    const [former, present] = [anyPatient(), anyPatient()];
    await hub.measures(former, pulse(80, { at: '2026-01-04T08:00:00+01:00' }), 'older');
    await hub.measures(former, pulse(85, { at }), 'moved');
    const left = await hub.takesBack(former, 'moved', 'wrong-patient');
    await reached(left, await hub.measures(present, pulse(85, { at }), 'moved'));

    const seen = await overview(former, present);
    expect(seen.retracted).toEqual([]);
    expect(seen.vitalSigns).toMatchObject([{ measurementId: 'moved', value: { text: '85' } }]);
    expect(seen.trends[0]?.points.map(({ normalised }) => normalised)).toEqual(['80', '85']);
  });

  it('counts what could not be read, and shows what came before it', async () => {
    const patient = anyPatient();
    await hub.measures(patient, pulse(85, { at }));
    const [pseudonym] = await pseudonymsOf(patient);
    await reached(appendBroken(measurements.events.MeasurementRecorded, pseudonym));
    expect(await overview(patient)).toMatchObject({
      unreadable: 1,
      vitalSigns: [{ value: { text: '85' } }],
    });
    expect((await overview(anyPatient())).unreadable).toBe(0);
  });

  it('shows nothing and says that something is missing, while all of a patient is read again', async () => {
    const patient = anyPatient();
    await reached(await hub.measures(patient, pulse(85, { at })));
    const pseudonyms = await pseudonymsOf(patient);
    await reached(appendBroken(keyVault.events.GrantClosed, pseudonyms[0]));
    const seen = { unreadable: 1, vitalSigns: [{ value: { text: '85' } }] };
    expect(await overview(patient)).toMatchObject(seen);

    keys.away(true);
    try {
      await requeue(pool, { ...readModel, patients: pseudonyms });
      const found = await shownPatients(pool, readModel, pseudonyms);
      expect(found).toEqual({ shown: [], missing: pseudonyms, isIncomplete: true });
      const nothingShown = { unreadable: 1, measurements: [] };
      expect(await readOverview(pool, found)).toMatchObject(nothingShown);
      // Also where the gate opens between the two questions.
      keys.away(false);
      await expect
        .poll(() => overview(patient), { timeout: 10_000 })
        .toMatchObject({ ...seen, unreadable: 0 });
      expect(await readOverview(pool, found)).toMatchObject(nothingShown);
    } finally {
      keys.away(false);
    }
  });

  it('gives no hint at a patient whose data is withheld', async () => {
    const patient = anyPatient();
    await reached(await hub.measures(patient, pulse(85, { at })));
    const [pseudonym] = await pseudonymsOf(patient);
    if (pseudonym === undefined) throw new Error('the patient has no pseudonym');
    keys.withhold(measurements.name, pseudonym);
    await reached(await hub.measures(patient, pulse(86, { at })));

    const seen = await overview(patient);
    expect(seen).toEqual({ ...(await overview(anyPatient())), asOf: seen.asOf });
  });

  it('reads the latest 101 in force of each series of a patient with 5,000 rows, and little more than these', async () => {
    const patient = 'a-busy-patient' as Pseudonym;
    // Row n is n minutes old; rows 4,001 to 5,000 are later versions of the measurements of rows 1 to 1,000.
    await pool.query(
      `INSERT INTO measurement_v1 (event_id, patient, src_partition, src_offset, key_version,
              measurement_id, status, recorded_at, source_orgnr, kind, series, codes,
              effective_from, effective_to, content, resource)
       SELECT gen_random_uuid(), $1, 0, n, 1, 'm' || n % 4000, 'final', $2, '310000019', 'k' || n % 10,
              'k' || n % 10, '{}', $2::timestamptz - n * interval '1 minute', $2, '{}', '{}'
         FROM generate_series(1, 5000) AS n`,
      [patient, at],
    );
    const { measurements: found, sources } = await readOverview(pool, {
      shown: [patient],
      missing: [],
    });
    expect(found).toHaveLength(10 * 101);
    const minutesOld = found.map((m) => (Date.parse(at) - m.effectiveFrom.getTime()) / 60_000);
    expect(Math.min(...minutesOld)).toBe(1001);
    expect(Math.max(...minutesOld)).toBe(1001 + 1009);
    expect(Date.parse(at) - (sources[0]?.lastMeasuredAt?.getTime() ?? 0)).toBe(1001 * 60_000);

    // As among patients of whom most have little, which is what PostgreSQL goes by.
    await pool.query(
      `INSERT INTO measurement_v1 (event_id, patient, src_partition, src_offset, key_version,
              measurement_id, status, recorded_at, source_orgnr, kind, series, codes,
              effective_from, effective_to, content, resource)
       SELECT gen_random_uuid(), 'patient-' || n % 600, 0, n, 1, 'n' || n, 'final', $1, '310000019', 'k' || n % 10,
              'k' || n % 10, '{}', $1::timestamptz - n * interval '1 minute', $1, '{}', '{}'
         FROM generate_series(1, 20000) AS n`,
      [at],
    );
    await pool.query('ANALYZE measurement_v1');
    for (const [name, text] of Object.entries(overviewStatements)) {
      const values = name === 'measurements' ? [[patient], 101] : [[patient]];
      const scans = scansOf(await planOf(text, values));
      expect(scans.map((scan) => scan['Node Type'])).not.toContain('Seq Scan');
      // What is shown, what was corrected since on the way to it, and a look for a later version of each.
      const read = scans.reduce((sum, scan) => sum + scan['Actual Rows'] * scan['Actual Loops'], 0);
      expect(read, name).toBeLessThan(3 * 1_000 + 2 * 1_010);
    }
  });
});
