import { join } from 'node:path';
import { measurements } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import { syntheticPatients, until, vaultOperator, wardScreen } from '@samspill/testing';
import { afterAll, beforeAll, expect, inject, it, onTestFailed } from 'vitest';
import { lastWords } from './last-words.ts';
import { control, type ControlledPart } from './mesh-control.ts';
import { startReadingStream } from './reading-stream.ts';
import { registryAnswers } from './registry-answers.ts';
import { startSecondWard } from './second-ward.ts';
import { measurementTable, type MeasurementTable } from './ward-tables.ts';

const mesh = inject('mesh');
const product = measurements.name;
const consumer = 'emergency-ward';

const started = new AsyncDisposableStack();
let ward: MeasurementTable;
/** The read model of the domain itself: its grant is never closed, so it never saw the pause. */
let unpaused: MeasurementTable;
let wardUrls: readonly string[];
beforeAll(async () => {
  const second = await startSecondWard(mesh);
  started.defer(() => second.stop());
  wardUrls = [mesh.urls['emergency-ward'], second.url];
  ward = await measurementTable(mesh.databaseUrl, 'emergency-ward');
  started.defer(() => ward.close());
  unpaused = await measurementTable(mesh.databaseUrl, 'measurements');
  started.defer(() => unpaused.close());
});
afterAll(async () => {
  try {
    await started.disposeAsync();
  } finally {
    await registryAnswers(mesh.registryUrl);
  }
});

/** The caches that hold the patient, of both instances, such as `0 opened-keys`; undefined while one does not answer. */
async function cachesWith(pseudonym: Pseudonym): Promise<string[] | undefined> {
  const found = await Promise.all(
    wardUrls.map(async (url, instance) => {
      const answer = await fetch(`${url}/operations/caches/search`, {
        method: 'POST',
        headers: { 'samspill-client': 'operator', 'content-type': 'application/json' },
        body: JSON.stringify({ patient: { pseudonym } }),
      });
      const caches = (await answer.json()) as { cache: string; holds: boolean }[];
      expect(caches.length).toBeGreaterThan(0);
      return caches.filter(({ holds }) => holds).map(({ cache }) => `${instance} ${cache}`);
    }),
  ).catch(() => undefined);
  return found?.flat();
}

const tablesWith = (pseudonym: Pseudonym): Promise<string[] | undefined> =>
  ward.tablesWith(pseudonym).catch(() => undefined);

/** Seconds since `sinceMs` at which there was no place left; a place that cannot be seen counts as one. */
async function secondsUntilNone(
  what: string,
  look: () => Promise<string[] | undefined>,
  sinceMs: number,
): Promise<string> {
  await until(`the patient in no ${what}`, 120_000, look, (places) => places?.length === 0);
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}

/** Gives an order until the log holds its fact: twice is as once. */
async function order(what: 'close' | 'open', pseudonym: Pseudonym): Promise<void> {
  const vault = vaultOperator(mesh.urls['key-vault'], 10_000);
  const body = { consumer, product, patient: { pseudonym }, cause: 'order 17' };
  await until(
    `the order to ${what} in the log`,
    120_000,
    () => vault.grant(what, body).catch(() => undefined),
    (answer) => answer?.body.changed?.[0]?.position !== undefined,
  );
}

interface Course {
  readonly name: string;
  readonly patientCount: number;
  readonly rounds: number;
  /** Killed while the order to close is carried out, and started again. */
  readonly killed?: ControlledPart;
}

const courses: readonly Course[] = [
  { name: '50,000 events stream', patientCount: 250, rounds: 200 },
  { name: 'the key vault is killed', patientCount: 50, rounds: 100, killed: 'key-vault' },
  { name: 'the broker is killed', patientCount: 50, rounds: 100, killed: 'kafka' },
  { name: 'the database is killed', patientCount: 50, rounds: 100, killed: 'postgres' },
];

it.each(courses)(
  'a grant closed while $name leaves nothing of the patient with either ward, touches nobody else, and opened again nothing is missing',
  async ({ name, patientCount, rounds, killed }) => {
    onTestFailed(async () => {
      const folders = ['logs', 'second-ward/logs'].map((folder) => join(mesh.dataDir, folder));
      process.stdout.write(`${name}: last words of the services: ${await lastWords(folders)}\n`);
    });
    const [{ nationalId } = { nationalId: '' }] = syntheticPatients({ seed: name, count: 1 });
    const keys = httpKeyClient({ url: mesh.urls['key-vault'], clientId: 'measurements' });
    const named = Array.from({ length: patientCount - 1 }, (_, n) => ({
      system: 'urn:samspill:closing-test',
      value: `${name} ${n}`,
    }));
    const sets = await keys.pseudonyms([{ system: null, value: nationalId }, ...named], 'create');
    const [patient, ...others] = sets.map((set) => set?.[0] as Pseudonym);
    if (patient === undefined) throw new Error('a patient');
    const stream = await startReadingStream(mesh, [patient, ...others], rounds);
    try {
      await stream.reached(Math.ceil(rounds / 4));
      await until(
        'rows of the patient',
        120_000,
        () => ward.rowsOf(patient),
        ({ length }) => length > 0,
      );
      // A doctor looks at the patient, by either instance.
      await Promise.all(wardUrls.map((url) => wardScreen(url).overview(nationalId)));
      const before = await cachesWith(patient);
      expect(before).toEqual(expect.arrayContaining(['0 pseudonyms', '1 pseudonyms']));
      expect(before?.filter((cache) => cache.endsWith('opened-keys'))).not.toEqual([]);
      const othersBefore = await ward.writings(others);
      expect(othersBefore.size).toBeGreaterThan(0);

      const closing = order('close', patient);
      if (killed !== undefined) {
        await control(mesh.control, 'SIGKILL', killed);
        await control(mesh.control, 'restart', killed);
      }
      await closing;
      const closedAtMs = performance.now();
      const [tablesSeconds, cachesSeconds] = await Promise.all([
        secondsUntilNone('tables', () => tablesWith(patient), closedAtMs),
        secondsUntilNone('caches', () => cachesWith(patient), closedAtMs),
      ]);
      process.stdout.write(
        `${name}: after the closing was acknowledged the patient was in no table within ${tablesSeconds} s, in no cache within ${cachesSeconds} s\n`,
      );

      await stream.reached(Math.ceil((rounds * 3) / 4));
      expect(await tablesWith(patient)).toEqual([]);
      expect(await cachesWith(patient)).toEqual([]);
      await order('open', patient);
      await stream.reached(rounds);
      const expected = await until(
        'all readings with the domain',
        300_000,
        () => unpaused.rowsOf(patient),
        (rows) => rows.length === rounds,
      );
      await until(
        'all readings with the ward',
        300_000,
        () => ward.rowsOf(patient),
        (rows) => rows.length >= rounds,
      );
      expect(await ward.rowsOf(patient)).toEqual(expected);

      const everyReading = others.length * rounds;
      const othersAfter = await until(
        'all readings of the others',
        300_000,
        () => ward.writings(others),
        ({ size }) => size >= everyReading,
      );
      expect(othersAfter.size).toBe(everyReading);
      const rewritten = [...othersBefore].filter(
        ([event, xmin]) => othersAfter.get(event) !== xmin,
      );
      expect(rewritten).toEqual([]);
    } finally {
      await stream.close();
    }
  },
);
