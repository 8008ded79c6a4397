import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidV8, type EventId, type Pseudonym } from '@samspill/kernel';
import { createDatabase, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { createPool, migrate } from '@samspill/read-model';
import type { MeasurementContent, Sealed } from '@samspill/contracts';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observationMigrations } from './measurement-projection.ts';
import { measurementProjection } from './measurement-projection.ts';
import { clearFields, pulse } from './measurement.sample.ts';
import { findObservations } from './observation.query.ts';
import { writeCursor } from './search-cursor.ts';
import { readSearch } from './search-parameters.ts';

let stack: LocalStack;
let dataDir: string;
let pool: Pool;
let offset = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-observations-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
  const url = await createDatabase(
    stack.databaseUrl,
    `observations_${randomBytes(4).toString('hex')}`,
  );
  pool = createPool(url, { schema: 'ward', applicationName: 'spec' });
  await migrate(pool, { schema: 'ward', folder: observationMigrations });
});

afterAll(async () => {
  await pool.end();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const anyPatient = (): Pseudonym => randomUUID() as string as Pseudonym;

/** Writes the rows that the projection gives, as the materialiser does. */
async function given(
  patient: Pseudonym,
  name: 'MeasurementRecorded' | 'MeasurementRetracted',
  measurementId: string,
  content: unknown,
): Promise<EventId> {
  const id = uuidV8(randomBytes(16));
  offset += 1;
  const rows =
    measurementProjection.on[name]?.({
      id,
      name,
      patient,
      position: { topic: 't', partition: 0, offset },
      keyVersion: 1,
      clear: { ...clearFields(id, measurementId), sealed: {} as Sealed },
      content,
    }) ?? [];
  for (const { values } of rows) {
    const row = { ...values, event_id: id, patient, src_partition: 0, src_offset: offset };
    const entries = Object.entries({ ...row, key_version: 1 });
    await pool.query(
      `INSERT INTO measurement (${entries.map(([column]) => column).join()})
       VALUES (${entries.map((_, at) => `$${at + 1}`).join()})`,
      entries.map(([, value]) => value),
    );
  }
  return id;
}

const recorded = (
  patient: Pseudonym,
  measurementId: string,
  start: string,
  changes: Partial<MeasurementContent> = {},
) =>
  given(
    patient,
    'MeasurementRecorded',
    measurementId,
    pulse({ effective: { start, end: null, precision: '', basis: 'effective' }, ...changes }),
  );

const find = async (patients: readonly Pseudonym[], form: string) => {
  const { search } = readSearch(new URLSearchParams(form));
  if (search === undefined) throw new Error(`refused: ${form}`);
  return findObservations(pool, patients, search);
};
const found = async (patient: Pseudonym, form: string) =>
  (await find([patient], form)).found.map(({ measurementId }) => measurementId);

describe('finding the measurements of a patient', () => {
  it('finds the version in force of each, and nobody else', async () => {
    const [patient, other] = [anyPatient(), anyPatient()];
    await recorded(patient, 'm1', '2026-01-05T08:00:00Z', { resource: '{"a":85}' });
    await recorded(patient, 'm1', '2026-01-05T08:00:00Z', { resource: '{"a":86}' });
    const last = await recorded(patient, 'm1', '2026-01-05T08:00:00Z', { resource: '{"a":85.0}' });
    await recorded(other, 'm2', '2026-01-05T08:00:00Z');

    expect((await find([patient], '')).found).toEqual([
      {
        measurementId: 'm1',
        eventId: last,
        recordedAt: new Date('2026-01-05T07:00:02Z'),
        effectiveFrom: new Date('2026-01-05T08:00:00Z'),
        resource: '{"a":85.0}',
      },
    ]);
  });

  it('does not find what was retracted, and finds what was recorded again after it', async () => {
    const patient = anyPatient();
    const retraction = { reason: 'wrong-patient', retractsEventId: null, resource: null };
    await recorded(patient, 'm1', '2026-01-05T08:00:00Z');
    await given(patient, 'MeasurementRetracted', 'm1', retraction);
    expect(await found(patient, '')).toEqual([]);
    await recorded(patient, 'm1', '2026-01-05T08:00:00Z');
    expect(await found(patient, '')).toEqual(['m1']);
  });

  it('compares dates by the spans that they name', async () => {
    const patient = anyPatient();
    await recorded(patient, 'morning', '2026-01-05T08:00:00+01:00');
    await recorded(patient, 'day', '2026-01-05');
    await recorded(patient, 'month', '2026-01');
    await recorded(patient, 'after', '2026-01-06T00:00:00+01:00');
    const names = (form: string) => found(patient, `_sort=date&${form}`);

    expect((await names('date=2026-01-05')).sort()).toEqual(['day', 'morning']);
    expect(await names('date=2026-01')).toEqual(['month', 'day', 'morning', 'after']);
    expect(await names('date=gt2026-01-05')).toEqual(['month', 'after']);
    expect(await names('date=ge2026-01-05')).toEqual(['month', 'day', 'morning', 'after']);
    expect(await names('date=lt2026-01-05')).toEqual(['month']);
    expect(await names('date=le2026-01-05')).toEqual(['month', 'day', 'morning']);
    expect(await names('date=ge2026-01-05&date=lt2026-01-05T08:00:00%2B01:00')).toEqual([
      'month',
      'day',
    ]);
    expect(await names('date=2026-01-05T07:00:00Z')).toEqual(['morning']);
  });

  it('finds by code alone, by system and code, and by one of several', async () => {
    const patient = anyPatient();
    const loinc = (code: string) => [{ system: 'http://loinc.org', code, display: null }];
    await recorded(patient, 'pulse', '2026-01-05T08:00:00Z');
    await recorded(patient, 'weight', '2026-01-05T09:00:00Z', { codes: loinc('29463-7') });
    await recorded(patient, 'local', '2026-01-05T10:00:00Z', {
      codes: [{ system: null, code: '8867-4', display: null }],
    });

    expect(await found(patient, 'code=8867-4')).toEqual(['local', 'pulse']);
    expect(await found(patient, 'code=http://loinc.org|8867-4')).toEqual(['pulse']);
    expect(await found(patient, 'code=|8867-4')).toEqual(['local']);
    expect(await found(patient, 'code=29463-7,http://loinc.org|8867-4')).toEqual([
      'weight',
      'pulse',
    ]);
    expect(await found(patient, 'code=8867-4&code=29463-7')).toEqual([]);
    expect(await found(patient, 'code=8867')).toEqual([]);
  });

  it.each(['-date', 'date'])(
    'pages through all of them once, sorted by %s, also where times are equal',
    async (sort) => {
      const patient = anyPatient();
      for (let at = 0; at < 7; at += 1) {
        await recorded(patient, `m${at}`, `2026-01-0${1 + Math.floor(at / 3)}`);
      }
      const seen: string[] = [];
      let after: string | undefined = '';
      while (after !== undefined) {
        const { search } = readSearch(new URLSearchParams(`_sort=${sort}&_count=2${after}`));
        if (search === undefined) throw new Error('a cursor of ours was refused');
        const page = await findObservations(pool, [patient], search);
        seen.push(...page.found.map(({ measurementId }) => measurementId));
        expect(page.found.length).toBeLessThanOrEqual(2);
        after = page.next && `&cursor=${writeCursor(page.next, search)}`;
        // What comes in meanwhile at the front moves no page.
        await recorded(patient, 'late', sort === 'date' ? '2020' : '2029');
      }
      expect([...seen].sort()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6']);
      const days = seen.map((name) => Math.floor(Number(name.slice(1)) / 3));
      expect(days).toEqual([...days].sort((a, b) => (sort === 'date' ? a - b : b - a)));
    },
  );

  it('finds the measurements under all linked pseudonyms', async () => {
    const [first, second] = [anyPatient(), anyPatient()];
    await recorded(first, 'm1', '2026-01-05T08:00:00Z');
    await recorded(second, 'm2', '2026-01-05T09:00:00Z');
    const { found: both } = await find([first, second], '');
    expect(both.map(({ measurementId }) => measurementId)).toEqual(['m2', 'm1']);
    expect((await find([], '')).found).toEqual([]);
  });
});
